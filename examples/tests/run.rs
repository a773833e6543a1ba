//! Runs every example as its user would.
#![allow(clippy::duplicate_mod, reason = "each example is a program of its own")]

#[path = "../candidates.rs"]
#[allow(dead_code)]
mod candidates;
#[path = "../chains.rs"]
#[allow(dead_code)]
mod chains;
#[path = "../exchange.rs"]
#[allow(dead_code)]
mod exchange;
#[path = "../gravity.rs"]
#[allow(dead_code)]
mod gravity;
#[path = "../heat.rs"]
#[allow(dead_code)]
mod heat;
#[path = "../make_inhibition.rs"]
#[allow(dead_code)]
mod make_inhibition;
#[path = "../make_ring_down.rs"]
#[allow(dead_code)]
mod make_ring_down;
#[path = "../pendulum.rs"]
#[allow(dead_code)]
mod pendulum;
#[path = "../quickstart.rs"]
#[allow(dead_code)]
mod quickstart;

use candidates::Failure;
use scheme_runtime::Code;
use std::{collections::HashMap, path::Path};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/ring_down.csv");

#[test]
fn quickstart_fits_and_draws() {
    let plot = std::env::temp_dir().join(format!("quickstart-{}.svg", std::process::id()));
    let [constants, errors] = quickstart::run(Path::new(DATA), &plot).unwrap();
    for (i, truth) in make_ring_down::CONSTANTS.into_iter().enumerate() {
        let off = (constants[i] - truth).abs();
        assert!(off < 4.0 * errors[i] && errors[i] < 0.02, "constant {i}: {} ± {}", constants[i], errors[i]);
    }
    let svg = std::fs::read_to_string(&plot).unwrap();
    std::fs::remove_file(&plot).unwrap();
    assert_eq!(svg.matches("<circle").count(), 60, "one mark a row");
    assert!(svg.contains("<polyline"), "the fitted curve");
}

const RATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/inhibition.csv");
const LAWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/rate_laws.txt");

#[test]
fn candidates_are_ranked_and_their_mistakes_told() {
    let outcomes = candidates::run(Path::new(LAWS), Path::new(RATES)).unwrap();
    let text = std::fs::read_to_string(LAWS).unwrap();
    let headings = text.lines().filter_map(|line| line.strip_prefix("=== "));
    let remarks: HashMap<&str, &str> =
        headings.map(|heading| heading.split_once(" ; ").unwrap_or((heading, ""))).collect();
    assert_eq!(remarks.len(), outcomes.len(), "names are unique");
    assert!(outcomes.len() >= 100);

    for (candidate, outcome) in &outcomes {
        let name = candidate.name.as_str();
        let said = remarks[name].trim_start_matches("true");
        let found = match outcome {
            Ok(_) => "",
            Err(Failure::Wrong(errors)) => {
                // Only what the program itself raises has no hint.
                let hinted = errors.iter().any(|error| error.hint.is_some() || error.code == Code::Raised);
                assert!(hinted, "{name}: {errors:?}");
                errors.iter().map(|error| error.code.as_str()).find(|code| *code == said).unwrap_or("another")
            }
            Err(Failure::Unfit(..)) => "unfit",
        };
        assert_eq!(found, said, "{name}");
    }

    let ranked = candidates::ranked(&outcomes);
    let best = ranked[0].1.criterion;
    let forms = remarks.values().filter(|remark| **remark == "true").count();
    for (rank, (candidate, fit)) in ranked.iter().enumerate() {
        let is_true = remarks[candidate.name.as_str()] == "true";
        assert_eq!(rank < forms, is_true, "{} at {rank}", candidate.name);
        assert_eq!(fit.criterion < best + 1e-6, is_true, "{}", candidate.name);
    }
    for (truth, (name, value, error)) in make_inhibition::CONSTANTS.into_iter().zip(&ranked[0].1.constants) {
        let off = (value - truth).abs();
        assert!(off < 4.0 * error && *error < 0.05, "{name}: {value} ± {error}");
    }

    let report = candidates::report(&outcomes);
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let (_, shown) = readme.split_once("--example candidates\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    for line in shown.lines().filter(|line| *line != "…") {
        assert!(
            report.lines().any(|printed| printed == line),
            "the README shows what is not printed: {line}"
        );
    }
}

/// Runs a study in its quick mode; its results must be there, with a line for each row and a picture with lines.
fn quick<T>(name: &str, study: impl FnOnce(&Path) -> Result<Vec<T>, Box<dyn std::error::Error>>) -> Vec<T> {
    let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
    let rows = study(&folder).unwrap();
    let [csv, svg] =
        ["csv", "svg"].map(|kind| std::fs::read_to_string(folder.join(name).with_extension(kind)).unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(csv.lines().count(), 1 + rows.len(), "a heading and a line for each row");
    assert!(svg.contains("<polyline"), "{name}: a line");
    rows
}

#[test]
fn the_pendulum_fails_and_is_mended() {
    let ways =
        quick("pendulum", |folder| pendulum::run(&pendulum::study::Study::new("pendulum", folder, true)));
    let (unidentified, remedies) = ways.split_first().unwrap();
    assert!(unidentified.error() > 0.3, "the network absorbs gravity: {}", unidentified.g_over_l);
    let lacking = pendulum::G_OVER_L - unidentified.g_over_l;
    assert!((unidentified.absorbed / lacking - 1.0).abs() < 0.15, "what lacks is in the network");
    for way in remedies {
        assert!(way.error() < 0.05, "{}: {}", way.way, way.g_over_l);
        assert!(way.deviation < 2.5 * pendulum::NOISE, "{}: {}", way.way, way.deviation);
    }
}

#[test]
fn gravity_is_found_beside_drag() {
    let models =
        quick("gravity", |folder| gravity::run(&gravity::study::Study::new("gravity", folder, true)));
    let [vacuum, left_out, law, learned] = &models[..] else { panic!("{} models", models.len()) };
    for right in [vacuum, law] {
        let off = (right.g - gravity::G).abs();
        assert!(off < 3.0 * right.standard_error, "{}: {} ± {}", right.model, right.g, right.standard_error);
        assert!((right.left - 1.0).abs() < 0.15, "{}: {}", right.model, right.left);
    }
    assert!(left_out.left > 100.0 && (left_out.g / gravity::G - 1.0).abs() > 0.3);
    assert!((learned.g / gravity::G - 1.0).abs() < 0.02 && learned.left < 1.5, "{}", learned.g);
}

#[test]
fn diffusivity_is_exact_and_found_beside_a_source() {
    let models = quick("heat", |folder| heat::run(&heat::study::Study::new("heat", folder, true)));
    let [exact, left_out, learned] = &models[..] else { panic!("{} models", models.len()) };
    assert!(exact.error() < 4.0 * f64::EPSILON, "{}", exact.alpha);
    assert!(left_out.error() > 0.01, "{}", left_out.alpha);
    assert!(learned.error() < 0.003 && learned.left < left_out.left / 5.0, "{}", learned.alpha);
}

#[test]
fn chains_of_layers_are_the_composed_function() {
    let chains = quick("chains", |folder| chains::run(&chains::study::Study::new("chains", folder, true)));
    assert_eq!(chains.len(), 9);
    let depths: Vec<usize> = chains.iter().map(|chain| chain.depth).collect();
    assert_eq!((depths.iter().min(), depths.iter().max()), (Some(&2), Some(&6)));
    for chain in &chains {
        assert_eq!(chain.ranges, [(0, 0.0); 2], "{}", chain.chain);
        assert!(chain.gradient < 1e-14, "{}: {}", chain.chain, chain.gradient);
    }
}

#[test]
fn laws_are_exchanged_while_training_goes_on() {
    let turns =
        quick("exchange", |folder| exchange::run(&exchange::study::Study::new("exchange", folder, true)));
    let deviation = |law: &str| turns.iter().find(|turn| turn.law == law).unwrap().deviation.clone();
    assert!(deviation("pendulum in gas").unwrap_err().contains("drag"), "it has another constant");
    let least = deviation("pendulum").unwrap();
    for law in ["spring", "stiff spring"] {
        assert!(deviation(law).unwrap() > 2.0 * least, "{law}");
    }
    let last = turns.last().unwrap();
    assert!(last.law == "pendulum" && *last.deviation.as_ref().unwrap() <= least);
}

#[test]
fn the_tables_are_what_their_scripts_print() {
    assert_eq!(std::fs::read_to_string(RATES).unwrap(), make_inhibition::table());
    assert_eq!(std::fs::read_to_string(DATA).unwrap(), make_ring_down::table());
}
