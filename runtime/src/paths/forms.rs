//! The forms that a program's inputs had, each with what is known of the runs on it; a few of them, those that were met last.

use super::{
    form::Form,
    path::{read, write},
};
use std::sync::{
    Arc, RwLock,
    atomic::{AtomicU64, Ordering::Relaxed},
};

/// Forms by their keys.
#[derive(Debug)]
pub(crate) struct Forms<K> {
    kept: RwLock<Vec<Kept<K>>>,
    most: usize,
    /// How often forms were met.
    clock: AtomicU64,
    /// How many made room.
    dropped: AtomicU64,
}

#[derive(Debug)]
struct Kept<K> {
    key: K,
    /// When it was met last.
    met: AtomicU64,
    form: Arc<Form>,
}

impl<K> Forms<K> {
    /// None yet, and never more than so many, of which there is at least one.
    pub(crate) const fn new(most: usize) -> Self {
        let (clock, dropped) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { kept: RwLock::new(Vec::new()), most, clock, dropped }
    }

    /// The form whose key it is, or one that is made with its key. The form that was not met for the longest time makes room.
    pub(crate) fn form(&self, is_it: impl Fn(&K) -> bool, make: impl FnOnce() -> (K, Form)) -> Arc<Form> {
        let known = |kept: &[Kept<K>]| {
            let kept = kept.iter().find(|kept| is_it(&kept.key))?;
            // Threads that meet one form again and again write nothing.
            if kept.met.load(Relaxed) + 1 != self.clock.load(Relaxed) {
                kept.met.store(self.clock.fetch_add(1, Relaxed), Relaxed);
            }
            Some(kept.form.clone())
        };
        if let Some(form) = known(&read(&self.kept)) {
            return form;
        }
        let mut kept = write(&self.kept);
        // Another thread may have met it meanwhile.
        if let Some(form) = known(&kept) {
            return form;
        }
        let (key, form) = make();
        let form = Arc::new(form);
        if kept.len() >= self.most
            && let Some(oldest) = (0..kept.len()).min_by_key(|i| kept[*i].met.load(Relaxed))
        {
            kept.remove(oldest);
            self.dropped.fetch_add(1, Relaxed);
        }
        let met = AtomicU64::new(self.clock.fetch_add(1, Relaxed));
        kept.push(Kept { key, met, form: form.clone() });
        form
    }

    /// Shows each that is kept.
    pub(crate) fn each(&self, show: impl FnMut(&Form)) {
        read(&self.kept).iter().map(|kept| &*kept.form).for_each(show);
    }

    /// How many made room.
    pub(crate) fn dropped(&self) -> usize {
        self.dropped.load(Relaxed) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::{super::form::Worth, *};

    #[test]
    fn what_was_not_met_for_the_longest_time_makes_room() {
        let forms: Forms<u8> = Forms::new(2);
        let worth = Worth { runs: 1, anew: false };
        let met = |key: u8| forms.form(|known| *known == key, || (key, Form::new(1 << 10, worth)));
        let (one, two) = (met(1), met(2));
        assert!(Arc::ptr_eq(&met(1), &one));
        met(3);
        assert!(Arc::ptr_eq(&met(1), &one));
        assert!(!Arc::ptr_eq(&met(2), &two));
        assert_eq!(forms.dropped(), 2);
    }
}
