//! What is known of a program's runs on inputs of one form: the paths that they take, and code for rows of a few of them together.
//!
//! The first run of a path leaves a mark, the second one is recorded, and those after it are replayed. What records a run is given by
//! whoever runs the program, and so is what else the paths are known by.

use super::{
    path::{Choice, Few, Path, Unfit, Work, choice, is_choice, read, write},
    trie::{By, MOST, Miss, Paths, SEVERAL},
};
use crate::{blocks::Blocks, machine::Limits};
use scheme_core::trace::Trace;
use std::sync::{Arc, RwLock};

/// How many paths are joined, and how many operations they may have together.
const MOST_JOINED: usize = 4;
const MOST_TOGETHER: usize = 512;

/// The runs on inputs of one form.
#[derive(Debug)]
pub(crate) struct Form {
    pub(super) paths: RwLock<Paths<Arc<Path>>>,
    /// Code for rows of a few paths together, or that there is none, by how many paths had been kept.
    joined: Few<(Choice, u32), Option<Arc<Blocks>>>,
    /// Why the last run that had no path of its own had none.
    unfit: RwLock<Option<Unfit>>,
    worth: Worth,
}

/// For which runs a path is recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worth {
    /// For so many at once, or more.
    pub(crate) runs: usize,
    /// Whether one that is too large to keep is recorded for several runs nevertheless, each time anew.
    pub(crate) anew: bool,
}

impl Form {
    /// No path is known yet, and those that will be take so many bytes at most.
    pub(crate) fn new(most_bytes: usize, worth: Worth) -> Self {
        let paths = RwLock::new(Paths::new(most_bytes));
        Self { paths, joined: Few::default(), unfit: RwLock::default(), worth }
    }

    /// The paths that are kept: of each how many operations and guards it has and how many bytes it takes, and whether
    /// it has operations on whole matrices. And why the last run that had no path of its own had none.
    pub(crate) fn described(&self) -> (Vec<([usize; 3], bool)>, Option<Unfit>) {
        let paths = read(&self.paths);
        (paths.iter().map(|path| (path.size(), path.is_whole())).collect(), *read(&self.unfit))
    }

    /// The path that a decision leads to, with its number.
    pub(super) fn known(&self, miss: Miss) -> Option<(u32, Arc<Path>)> {
        let paths = read(&self.paths);
        paths.after(miss).map(|(node, path)| (node, path.clone()))
    }

    /// What `follow` makes of the path that holds, if one does, or the decision that leads to none.
    pub(crate) fn find<T>(&self, mut follow: impl FnMut(&Arc<Path>) -> Result<T, usize>) -> Result<T, Miss> {
        let mut miss = Miss::START;
        // Each step is further along the run's decisions; paths that are replaced meanwhile have an end, too.
        for _ in 0..=MOST {
            let Some((node, path)) = self.known(miss) else { break };
            match follow(&path) {
                Ok(value) => {
                    read(&self.paths).followed(node, true);
                    return Ok(value);
                }
                Err(guard) => miss = Miss::broken(node, guard),
            }
        }
        Err(miss)
    }

    /// One of a few short paths that give numbers, and code that serves the rows of all of them.
    pub(super) fn joined(
        &self,
        wrt: Option<&[usize]>,
        uniform: &[bool],
        limits: &Limits,
    ) -> Option<(Arc<Path>, Arc<Blocks>)> {
        let (kept, paths) = {
            let paths = read(&self.paths);
            let few = (2..=MOST_JOINED).contains(&paths.iter().count());
            (paths.kept_ever(), few.then(|| paths.iter().cloned().collect::<Vec<_>>())?)
        };
        let first = paths.first()?.clone();
        if let Some(blocks) = self.joined.find(|(choice, at)| *at == kept && is_choice(choice, wrt, uniform))
        {
            return Some((first, blocks?));
        }
        let work = Work::of_row(wrt);
        let fits = |path: &Arc<Path>| path.gives_a_number() && path.is_within(limits, work);
        let blocks = if paths.iter().all(fits) {
            let traces: Option<Vec<Trace>> = paths.iter().map(|path| path.asked(wrt)).collect();
            let short = traces.filter(|traces| traces.iter().map(Trace::len).sum::<usize>() <= MOST_TOGETHER);
            let joined = short.and_then(|traces| Trace::either(&traces));
            joined.map(|joined| Arc::new(Blocks::new(&joined, uniform)))
        } else {
            None
        };
        let blocks = self.joined.keep((choice(wrt, uniform), kept), blocks);
        Some((first, blocks?))
    }

    /// The path that `record` gives, if it is worth keeping for so many runs or wanted `anyway`, with its number if it is
    /// kept. How a run fails is not for this to say.
    pub(crate) fn made<E>(
        &self,
        miss: Miss,
        runs: usize,
        anyway: bool,
        record: impl FnOnce() -> Result<Result<Path, Unfit>, E>,
    ) -> Option<(Option<u32>, Arc<Path>)> {
        if runs < self.worth.runs && !anyway {
            return None;
        }
        let worth = write(&self.paths).is_worth_keeping(miss, runs);
        // What is too large to keep still serves several rows at once.
        let serves = self.worth.anew && runs >= SEVERAL && *read(&self.unfit) == Some(Unfit::Heavy);
        if !worth && !anyway && !serves {
            return None;
        }
        let recorded = record();
        let path = match recorded {
            Ok(Ok(path)) => path,
            Ok(Err(unfit)) => {
                *write(&self.unfit) = Some(unfit);
                write(&self.paths).failed(miss, By::Times);
                return None;
            }
            Err(_) => {
                write(&self.paths).failed(miss, By::Runs);
                return None;
            }
        };
        let path = Arc::new(path);
        if !worth {
            return Some((None, path));
        }
        let mut paths = write(&self.paths);
        let node = paths.keep(miss, path.clone(), path.weight());
        if node.is_none() {
            paths.failed(miss, if self.worth.anew { By::Runs } else { By::Times });
            *write(&self.unfit) = Some(Unfit::Heavy);
        }
        Some((node, path))
    }
}
