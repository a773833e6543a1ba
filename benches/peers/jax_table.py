"""The programs of the table under JAX: times of value and gradient, compiled by `jit`.

    python3 jax_table.py            # the table, after every program was checked
    python3 jax_table.py coulomb    # programs with this in their names
    python3 jax_table.py --check    # the check alone; without JAX it is of values only, in plain Python

Each program is checked against `expected.json`, which holds what `scheme!` gives, before it is timed.
"""

import json
import math
import sys
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

try:
    import jax
    import jax.numpy as jnp
    from jax import lax

    jax.config.update("jax_enable_x64", True)
except ImportError:
    jax = None

HERE = Path(__file__).parent
DATA = [0.0625 * (37 * i % 101 - 50) for i in range(200)]
SHORT = {"add", "coulomb", "gaussian", "damped pendulum", "discriminant", "dot"}


def plain():
    """Functions of plain numbers."""

    def repeat(step, state, times):
        for _ in range(times):
            state = step(state)
        return state

    def along(step, state, data):
        for x in data:
            state = step(state, x)
        return state

    return SimpleNamespace(
        exp=math.exp, log=math.log, sin=math.sin, cos=math.cos, tanh=math.tanh, sqrt=math.sqrt,
        minimum=min, maximum=max, where=lambda test, a, b: a if test else b,
        repeat=repeat, along=along,
    )


def traced():
    """The same under JAX, with `scan` where its users would take it."""

    def repeat(step, state, times):
        return lax.scan(lambda state, _: (step(state), None), state, None, length=times)[0]

    def along(step, state, data):
        data = jnp.asarray(data, jax.tree_util.tree_leaves(state)[-1].dtype)
        return lax.scan(lambda state, x: (step(state, x), None), state, data)[0]

    return SimpleNamespace(
        exp=jnp.exp, log=jnp.log, sin=jnp.sin, cos=jnp.cos, tanh=jnp.tanh, sqrt=jnp.sqrt,
        minimum=jnp.minimum, maximum=jnp.maximum, where=jnp.where,
        repeat=repeat, along=along,
    )


def add(m, x, y):
    return x + y


def coulomb(m, k, q1, q2, r):
    return k * (q1 * q2 / (r * r))


def gaussian(m, x, mu, s):
    d = x - mu
    return m.exp(-(d * d / (2 * (s * s)))) / (s * math.sqrt(2 * math.pi))


def pendulum(m, g, l, theta, c, omega):
    return -(g / l) * m.sin(theta) - c * omega


def discriminant(m, b, a, c):
    d = b * b - 4 * (a * c)
    none = d < 0
    # A square root of what is negative would have no derivative, not even times 0.
    root = m.sqrt(m.where(none, 1.0, d))
    return m.where(none, 0.0 * b, (root - b) / (2 * a))


def dot(m, a, e, b, f, c, g, d, h):
    return a * e + b * f + c * g + d * h


def chain(m, y, e):
    for _ in range(250):
        y = y / (e + 1)
    return y


def tree_of(text):
    """The tree's text as nested lists."""
    stack = [[]]
    for token in text.replace("(", " ( ").replace(")", " ) ").split():
        if token == "(":
            stack.append([])
        elif token == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    return stack[0][0][2]


TREE = tree_of((HERE.parent / "models" / "tree.scm").read_text())


def tree(m, a, b, c, d):
    inputs = {"a": a, "b": b, "c": c, "d": d}
    rows = {
        "+": lambda x, y: x + y,
        "-": lambda x, y: x - y,
        "*": lambda x, y: x * y,
        "min": m.minimum,
        "max": m.maximum,
        "sin": m.sin,
        "cos": m.cos,
        "tanh": m.tanh,
        "square": lambda x: x * x,
        "sigmoid": lambda x: 1 / (1 + m.exp(-x)),
    }

    def value(node):
        if isinstance(node, list):
            return rows[node[0]](*map(value, node[1:]))
        return inputs[node] if node in inputs else float(node)

    return value(TREE)


def lotka(m, x, y, a, b, c, d, steps):
    h = 0.01

    def flow(x, y):
        return x * (a - b * y), y * (d * x - c)

    def step(state):
        x, y = state
        p1, q1 = flow(x, y)
        p2, q2 = flow(x + 0.5 * h * p1, y + 0.5 * h * q1)
        p3, q3 = flow(x + 0.5 * h * p2, y + 0.5 * h * q2)
        p4, q4 = flow(x + h * p3, y + h * q3)
        return x + h / 6 * (p1 + 2 * p2 + 2 * p3 + p4), y + h / 6 * (q1 + 2 * q2 + 2 * q3 + q4)

    x, y = m.repeat(step, (x, y), steps)
    return x + y


def logistic(m, x, r):
    return m.repeat(lambda x: r * x * (1 - x), x, 1000)


def fib(m, a, b):
    def at(n):
        return a if n < 2 else at(n - 1) + b * at(n - 2)

    return at(15)


def ema(m, alpha, start):
    return m.along(lambda s, x: alpha * x + (1 - alpha) * s, start, DATA)


def kalman(m, q, r):
    def update(state, z):
        x, p, likelihood = state
        p = p + q
        s = p + r
        gain = p / s
        e = z - x
        return x + gain * e, (1 - gain) * p, likelihood - 0.5 * (m.log(s) + e * e / s)

    zero = 0 * q
    return m.along(update, (zero, zero + 1, zero), DATA)[2]


PROGRAMS = {
    "add": add,
    "coulomb": coulomb,
    "gaussian": gaussian,
    "damped pendulum": pendulum,
    "discriminant": discriminant,
    "dot": dot,
    "chain": chain,
    "tree": tree,
    "lotka-volterra 100": partial(lotka, steps=100),
    "lotka-volterra 1000": partial(lotka, steps=1000),
    "logistic map": logistic,
    "fib": fib,
    "moving average": ema,
    "kalman filter": kalman,
}


def check(name, expected):
    """Stops unless the program gives what is expected."""
    at, wanted = expected["at"], expected["value"]
    if jax is None:
        value, gradient = PROGRAMS[name](plain(), *at), None
    else:
        value, gradient = compiled(name, len(at))(*at)
    if not abs(value - wanted) <= 1e-11 * abs(wanted):
        sys.exit(f"{name}: {value}, not {wanted}")
    if gradient is not None:
        size = max(map(abs, expected["gradient"]))
        for found, wanted in zip(gradient, expected["gradient"]):
            if not abs(found - wanted) <= 1e-11 * size:
                sys.exit(f"{name}: the derivative {found}, not {wanted}")


def compiled(name, inputs):
    f = partial(PROGRAMS[name], traced())
    return jax.jit(jax.value_and_grad(f, argnums=tuple(range(inputs))))


def over_rows(name, inputs):
    f = partial(PROGRAMS[name], traced())
    return jax.jit(jax.vmap(jax.value_and_grad(f, argnums=tuple(range(inputs)))))


def columns(ranges, rows, dtype):
    """The points of the bench: row `i` is `Model::point(i)`."""
    i = jnp.arange(rows, dtype=jnp.float64)
    fractions = [(i * 0.618033988749895 * k + 0.1 * k) % 1.0 for k in range(1, len(ranges) + 1)]
    return [(low + (high - low) * x).astype(dtype) for (low, high), x in zip(ranges, fractions)]


def seconds(call, budget=0.5):
    """Of the fastest call of as many as the budget allows, after one that compiles."""
    jax.block_until_ready(call())
    best, end = math.inf, time.perf_counter() + budget
    while time.perf_counter() < end or best == math.inf:
        start = time.perf_counter()
        jax.block_until_ready(call())
        best = min(best, time.perf_counter() - start)
    return best


def shown(x):
    for unit, size in [("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)]:
        if x >= size:
            return f"{x / size:.3g} {unit}"
    return f"{x * 1e9:.3g} ns"


def measure(name, expected):
    """A line of the table."""
    f = compiled(name, len(expected["at"]))
    point = [jnp.asarray(x, jnp.float64) for x in expected["at"]]
    start = time.perf_counter()
    jax.block_until_ready(f(*point))
    first = time.perf_counter() - start
    cells = [shown(first), shown(seconds(lambda: f(*point)))]
    for dtype in [jnp.float64, jnp.float32]:
        for rows in [200, 10_000, 1_000_000]:
            if rows == 1_000_000 and name not in SHORT:
                cells.append("")
                continue
            g, x = over_rows(name, len(point)), columns(expected["ranges"], rows, dtype)
            cells.append(shown(seconds(lambda: g(*x))))
    return f"| {name} | " + " | ".join(cells) + " |"


def main():
    expected = json.loads((HERE / "expected.json").read_text())
    if sorted(expected) != sorted(PROGRAMS):
        sys.exit("expected.json has other programs than this script")
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    names = [name for name in PROGRAMS if not words or any(word in name for word in words)]
    for name in names:
        check(name, expected[name])
    print(f"{len(names)} programs give what is expected" + ("" if jax else " (values alone: JAX is not here)"))
    if "--check" in sys.argv or jax is None:
        return
    print(f"\nJAX {jax.__version__} on {jax.devices()[0]}, value and gradient\n")
    print("| | first call | call | f64: 200 rows | 10,000 | 1,000,000 | f32: 200 rows | 10,000 | 1,000,000 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in names:
        print(measure(name, expected[name]), flush=True)


if __name__ == "__main__":
    main()
