use scheme_runtime::{Function, R, grad, scheme, value_and_grad, vmap};

fn returned() -> impl Function<In = R, Out = R> {
    scheme! { (sqaure x) }
}

fn generic<F: Function<In = [R; 2], Out = R>>(f: F) -> f64 {
    f.call([1.0, 2.0])
}

fn main() {
    let f = scheme! { (* k (sqaure x)) };
    let y: f64 = f.call([1.0, 2.0]);
    let (z, [a, b]) = value_and_grad(f).call([1.0, 2.0]);
    let slope = grad(f).wrt(|v| v.k).call([1.0, 2.0]);
    let rows = vmap(f).call((1.0, &[1.0, 2.0][..]));
    println!("{}", y + z + a + b + slope + generic(f) + rows.unwrap()[0] + returned().call(1.0));
    let g = scheme!("(* k");
    println!("{:?}", g.names().k);
}
