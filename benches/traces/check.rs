//! Whether who takes part gives what the macro gives.

/// Values to the bit, and gradients that are close.
#[derive(Clone, Copy)]
pub(crate) struct Check {
    pub(crate) program: &'static str,
    pub(crate) who: &'static str,
    /// How far a partial derivative may be off, to the largest of them.
    pub(crate) tolerance: f64,
    /// Whether its values are the macro's to the bit, and not only as close as its gradients.
    pub(crate) bits: bool,
}

impl Check {
    /// Stops the bench unless this is so.
    pub(crate) fn point(self, found: f64, by: &[f64], wanted: f64, wanted_by: &[f64]) {
        let Self { program, who, tolerance, bits } = self;
        let size = wanted_by.iter().fold(0.0, |size: f64, d| size.max(d.abs()));
        let same = if bits {
            found.to_bits() == wanted.to_bits()
        } else {
            (found - wanted).abs() <= tolerance * size.max(wanted.abs())
        };
        assert!(same, "{program}, {who}: {found}, not {wanted}");
        assert_eq!(by.len(), wanted_by.len(), "{program}, {who}");
        for (found, wanted) in by.iter().zip(wanted_by) {
            let off = (found - wanted).abs() / size.max(f64::MIN_POSITIVE);
            assert!(off <= tolerance, "{program}, {who}: {found}, not {wanted}, off by {off:.1e}");
        }
    }
}
