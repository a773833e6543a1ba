//! The prelude: procedures of the language that are written in it, `bootstrap/prelude.scm`.
//!
//! A program that mentions one gets its definition, and those that it needs, in a scope around the
//! program, each once. The text of the prelude is closed: it sees no binding of the program, and no
//! binding of the program takes the place of what it mentions. Its expressions stand where the program
//! first mentioned it, so that what goes wrong in them is blamed on that place.
//!
//! The text is read once per thread, and not at all for programs that mention nothing of it.

use super::{Expr, Local, Options, state::Desugar};
use crate::{
    datum::{Datum, Kind},
    reader,
    span::Span,
};
use std::{
    collections::{HashMap, VecDeque},
    mem,
    sync::OnceLock,
};

const TEXT: &str = include_str!("prelude.scm");

thread_local! {
    static DEFINITIONS: Vec<Datum> = reader::read(TEXT).0;
}

/// What the definitions of the prelude define, in their order.
pub(super) fn names() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| DEFINITIONS.with(|definitions| definitions.iter().map(name).collect()))
}

/// What a definition defines: the second word of its text.
fn name(definition: &Datum) -> &'static str {
    let header = definition.list().and_then(|parts| parts.get(1));
    let name = match header.map(|header| &header.kind) {
        Some(Kind::List { items, .. }) => items.first(),
        _ => header,
    };
    let span = name.map_or(Span::default(), |name| name.span);
    TEXT.get(span.start as usize..span.end as usize).unwrap_or_default()
}

/// How a procedure of the prelude is called that calls its first operand, for what is told where that is no procedure.
///
/// ```
/// use scheme_core::kernel::calls_first;
///
/// assert_eq!(calls_first("fold-left").unwrap(), "`fold-left` calls its first operand: (fold-left f start l . more)");
/// assert_eq!(calls_first("floor/"), None);
/// ```
pub fn calls_first(name: &str) -> Option<String> {
    let at = names().iter().position(|other| *other == name && !name.starts_with('%'))?;
    DEFINITIONS.with(|definitions| {
        let header = definitions.get(at)?.list()?.get(1)?;
        let Kind::List { items, .. } = &header.kind else { return None };
        let Kind::Symbol(first) = &items.get(1)?.kind else { return None };
        let text = TEXT.get(header.span.start as usize..header.span.end as usize)?;
        let is_called = ["f", "keep?", "producer"].contains(&&**first);
        is_called.then(|| format!("`{name}` calls its first operand: {text}"))
    })
}

/// What is told where such a procedure is given another as something else: it was to be called, or stands in the wrong place.
///
/// ```
/// let hint = scheme_core::kernel::call_it_or_first("map").unwrap();
/// assert_eq!(hint, "call it, if what it returns is meant; `map` calls its first operand: (map f l . more)");
/// ```
pub fn call_it_or_first(name: &str) -> Option<String> {
    calls_first(name).map(|first| format!("call it, if what it returns is meant; {first}"))
}

/// A definition, all of it at one place.
fn definition(at: usize, span: Span) -> Option<Datum> {
    DEFINITIONS.with(|definitions| definitions.get(at).map(|definition| placed(definition, span)))
}

fn placed(datum: &Datum, span: Span) -> Datum {
    let all = |items: &[Datum]| items.iter().map(|item| placed(item, span)).collect();
    let kind = match &datum.kind {
        Kind::List { items, tail, bracket } => Kind::List {
            items: all(items),
            tail: tail.as_ref().map(|tail| placed(tail, span).into()),
            bracket: *bracket,
        },
        Kind::Vector(items) => Kind::Vector(all(items)),
        kind => kind.clone(),
    };
    Datum { kind, span }
}

/// What a program takes from the prelude.
#[derive(Default)]
pub(super) struct Linked {
    locals: HashMap<usize, Local>,
    /// Mentioned, but not desugared yet: where in the prelude, and the place of the mention.
    waiting: VecDeque<(usize, Local, Span)>,
    /// Whether it is the prelude that is being desugared, and not the text.
    pub(super) open: bool,
}

impl Desugar {
    /// A mention of a definition of the prelude.
    pub(super) fn of_prelude(&mut self, at: usize, span: Span) -> Expr {
        if let Some(local) = self.linked.locals.get(&at) {
            return self.refer(*local, span);
        }
        let outside = mem::replace(&mut self.linked.open, true);
        let local = self.fresh(names().get(at).copied().unwrap_or_default(), span);
        self.linked.open = outside;
        self.linked.locals.insert(at, local);
        self.linked.waiting.push_back((at, local, span));
        if outside {
            self.watch(local);
        }
        self.refer(local, span)
    }

    /// Binds what the program takes from the prelude around its body.
    pub(super) fn link(&mut self, body: Expr) -> Expr {
        if self.linked.waiting.is_empty() {
            return body;
        }
        // All of its text is at one place, so nothing in it stands apart.
        let options = mem::replace(&mut self.options, Options { touching: false, internal: true });
        let (scope, inputs) = (mem::take(&mut self.scope), mem::replace(&mut self.open, false));
        self.linked.open = true;
        let mentioned: Vec<_> = self.linked.waiting.iter().map(|(_, local, _)| *local).collect();
        mentioned.into_iter().for_each(|local| self.watch(local));
        let mut items = Vec::new();
        while let Some((at, local, span)) = self.linked.waiting.pop_front() {
            let Some(datum) = definition(at, span) else { continue };
            for part in &self.parts(std::slice::from_ref(&datum), false) {
                items.extend(self.item(part, Some(local)));
            }
        }
        self.linked.open = false;
        (self.scope, self.open, self.options) = (scope, inputs, options);
        let span = body.span;
        self.arrange(items, body, span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{self, desugar_with};
    use std::{collections::HashSet, path::Path};

    #[test]
    fn the_text_is_the_one_in_bootstrap() {
        // A package does not have the folder.
        let bootstrap = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bootstrap/prelude.scm");
        if let Ok(source) = std::fs::read_to_string(bootstrap) {
            assert_eq!(TEXT, source);
        }
    }

    #[test]
    fn each_definition_stands_for_itself() {
        assert_eq!(reader::read(TEXT).1, []);
        let distinct: HashSet<_> = names().iter().collect();
        assert_eq!(distinct.len(), names().len());
        for name in names() {
            assert!(known_as_prelude(name), "{name}");
            let (data, _) = reader::read(name);
            let options = Options { internal: true, ..Options::default() };
            let (program, findings) = desugar_with(&data, options);
            assert_eq!(findings, [], "{name}");
            let program = program.map(|program| program.to_string()).unwrap_or_default();
            assert!(program.contains(name), "{program}");
        }
    }

    fn known_as_prelude(name: &str) -> bool {
        matches!(kernel::known::find(name), Some(kernel::known::Known::Prelude(_)))
    }

    #[test]
    fn each_definition_says_what_it_is() {
        for (at, name) in names().iter().enumerate() {
            let start = DEFINITIONS.with(|definitions| definitions[at].span.start) as usize;
            let paragraph = TEXT[..start].rsplit("\n\n").next().unwrap_or_default();
            let header = [format!(";; ({name} "), format!(";; {name}:"), format!(";; ({name})")];
            assert!(header.iter().any(|header| paragraph.starts_with(header)), "{name}: {paragraph}");
        }
    }
}
