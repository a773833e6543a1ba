//! Programs in files beside this one.

/// What follows from the file that a program is in.
macro_rules! text {
    ($n:literal $file:tt) => {
        const TEXT: &'static str = include_str!($file);

        #[inline(always)]
        fn program()
        -> impl scheme_runtime::Function<In = [scheme_runtime::R; $n], Out: scheme_runtime::OneNumber> + Sync
        {
            scheme_runtime::scheme_file!($file)
        }
    };
}
pub(super) use text;
