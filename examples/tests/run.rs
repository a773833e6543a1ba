//! Runs every example as its user would.

#[path = "../make_ring_down.rs"]
#[allow(dead_code)]
mod make_ring_down;
#[path = "../quickstart.rs"]
#[allow(dead_code)]
mod quickstart;

use std::path::Path;

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

#[test]
fn the_table_is_what_its_script_prints() {
    assert_eq!(std::fs::read_to_string(DATA).unwrap(), make_ring_down::table());
}
