//! Prints the table of what `cargo bench -p scheme-benches --bench traces` measured: seconds of each, and the ratios of
//! the string to the others, the losses first.
//!
//! It reads what criterion kept, and of each measurement the fastest sample, for what disturbs a machine only slows it
//! down.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use serde_json::Value;
use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Who takes part: the string, called by name and by position, and those it is compared with; plain is a call that the evaluator
/// runs without recording it.
const WHO: [&str; 7] = ["string", "prepared", "plain", "macro", "hand", "num-dual", "dfdx"];

/// Seconds by who, of each program, by what was measured of it.
type Times = BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>;

/// The measurements below a folder of criterion's.
fn read(folder: &Path, times: &mut Times) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_dir() {
            continue;
        }
        let json = |name: &str| -> Option<Value> {
            serde_json::from_str(&fs::read_to_string(path.join(name)).ok()?).ok()
        };
        let measured = json("benchmark.json").zip(json("sample.json"));
        match measured.as_ref().and_then(|(about, sample)| Some((named(about)?, fastest(sample)?))) {
            Some(([program, what, who], seconds)) if path.ends_with("new") => {
                times.entry(what).or_default().entry(program).or_default().insert(who, seconds);
            }
            _ => read(&path, times)?,
        }
    }
    Ok(())
}

/// The program, what of it, and who.
fn named(about: &Value) -> Option<[String; 3]> {
    let (program, what) = (about["group_id"].as_str()?, about["function_id"].as_str()?);
    let (what, who) = what.rsplit_once('/')?;
    Some([program, what, who].map(String::from))
}

/// Seconds of the fastest sample.
fn fastest(sample: &Value) -> Option<f64> {
    let numbers = |name: &str| Some(sample[name].as_array()?.iter().filter_map(Value::as_f64));
    let seconds = numbers("times")?.zip(numbers("iters")?).map(|(ns, calls)| ns / calls * 1e-9);
    seconds.min_by(f64::total_cmp)
}

/// A number with its unit.
fn shown(seconds: f64) -> String {
    let units = [("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)];
    let (unit, size) = units.into_iter().find(|(_, size)| seconds >= *size).unwrap_or(units[3]);
    let x = seconds / size;
    let digits = if x < 10.0 { 2 } else { usize::from(x < 100.0) };
    format!("{x:.digits$} {unit}")
}

/// One table: of each program the times, and the string's time to each other's, by position where it is called so.
fn table(what: &str, programs: &BTreeMap<String, BTreeMap<String, f64>>) {
    let who: Vec<&str> =
        WHO.into_iter().filter(|who| programs.values().any(|times| times.contains_key(*who))).collect();
    if !who.contains(&"string") {
        return;
    }
    let (this, others) =
        if who.contains(&"prepared") { ("prepared", &who[2..]) } else { ("string", &who[1..]) };
    let ratio = |times: &BTreeMap<String, f64>, other: &str| Some(times.get(this)? / times.get(other)?);
    let mut rows: Vec<_> = programs.iter().collect();
    // To the macro or to the form by hand, whichever is worse: some programs the macro runs on the machine.
    let loss = |times| {
        let worst =
            ["plain", "macro", "hand"].into_iter().filter_map(|other| ratio(times, other)).reduce(f64::max);
        worst.or_else(|| times.get(this).copied()).unwrap_or(0.0)
    };
    rows.sort_by(|(_, a), (_, b)| loss(b).total_cmp(&loss(a)));

    println!("\n**{what}**\n");
    let ratios: Vec<String> = others.iter().map(|other| format!("to {other}")).collect();
    println!("| | {} |", [&who.join(" | "), &*ratios.join(" | ")].join(" | ").trim_end_matches(" | "));
    println!("|---|{}", "---|".repeat(who.len() + others.len()));
    for (program, times) in &rows {
        print!("| {program} |");
        for who in &who {
            print!(" {} |", times.get(*who).map_or(String::new(), |seconds| shown(*seconds)));
        }
        for other in others {
            print!(" {} |", ratio(times, other).map_or(String::new(), |ratio| format!("{ratio:.2}")));
        }
        println!();
    }
    for other in ["plain", "macro"] {
        let all: Vec<f64> = rows.iter().filter_map(|(_, times)| ratio(times, other)).collect();
        let Some(worst) = all.iter().copied().max_by(f64::total_cmp) else { continue };
        let mean = (all.iter().map(|ratio| ratio.ln()).sum::<f64>() / all.len() as f64).exp();
        println!("\nTo {other}: geometric mean {mean:.2}, worst {worst:.2}.");
    }
}

/// What a second thread gave.
fn threads(times: &Times) {
    let mut lines = Vec::new();
    for (what, programs) in times {
        let Some(two) = times.get(&format!("{what}, 2 threads")) else { continue };
        for (program, one) in programs {
            for who in ["string", "macro", "copy"] {
                let both = one.get(who).zip(two.get(program).and_then(|two| two.get(who)));
                if let Some((one, two)) = both {
                    lines.push((
                        one / two,
                        format!("| {program} | {what} | {who} | {} | {} |", shown(*one), shown(*two)),
                    ));
                }
            }
        }
    }
    if lines.is_empty() {
        return;
    }
    lines.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    println!("\n**Two threads**\n\n| | | | one | two | as fast |\n|---|---|---|---|---|---|");
    lines.iter().for_each(|(ratio, line)| println!("{line} {ratio:.2} |"));
}

/// Nanoseconds for a unit of work along each line.
fn scaling(times: &Times) {
    let mut lines: BTreeMap<&str, BTreeMap<u64, f64>> = BTreeMap::new();
    for (line, programs) in times {
        for (size, seconds) in programs.get("scaling").into_iter().flatten() {
            if let Ok(size) = size.parse() {
                lines.entry(line).or_default().insert(size, *seconds);
            }
        }
    }
    if lines.is_empty() {
        return;
    }
    println!("\n**Lines: nanoseconds for a unit of work**\n\n| | |\n|---|---|");
    for (line, sizes) in lines {
        let units: Vec<String> = sizes
            .into_iter()
            .map(|(size, seconds)| format!("{:.1} at {size}", seconds * 1e9 / size as f64))
            .collect();
        println!("| {line} | {} |", units.join(", "));
    }
}

fn main() -> ExitCode {
    let target = env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
    let folder = target.join("criterion");
    let mut times = Times::new();
    if let Err(error) = read(&folder, &mut times) {
        eprintln!("{}: {error}; run `cargo bench -p scheme-benches --bench traces` first", folder.display());
        return ExitCode::FAILURE;
    }
    for (what, programs) in times.iter().filter(|(what, _)| !what.ends_with("2 threads")) {
        table(what, programs);
    }
    threads(&times);
    scaling(&times);
    ExitCode::SUCCESS
}
