//! What the library writes: pictures, blessed files, drafts, and outputs with neutral values.

mod bless;
mod drafts;
mod neutral;
mod pictures;

use transcript::Transcript;

fn parse(text: &str) -> Transcript {
    Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"))
}

const FORK: &str = "\
$ lesson-fork who-am-i
parent | parent {p:pid}: about to fork
parent -> child
parent | parent {p}: forked {c:pid}
child  | child {c}: my parent is {p}
child -> parent
parent | parent {p}: {c} exited with 7
";
