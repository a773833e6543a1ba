```scheme
a = 2
f(x)
x ** 2
```