//! What `--help` says below the flags of a command.

/// The exit codes, which `--help` lists for all commands.
pub(super) const EXIT_CODES: &str = "Exit codes:
  0    everything passed
  1    something failed
  2    the command line was wrong: an unknown name, an unreadable file, a flag out of range
  130  stopped by Ctrl-C; nothing is left behind
  141  the reader closed the output before its end";

/// What `orders --help` says about the scenes.
pub(super) const ORDERS: &str = "\
A scene is run under a director, which decides which of its processes and threads goes on. The Cargo.toml of a \
chapter lists the files whose programs are explored instead, as `explored`: each schedule of their threads is played \
without a system. With weak memory, the store that a load reads is a choice too. `cargo xtask replay` shows one order \
step by step.";

/// What `replay --help` says about the choices.
pub(super) const REPLAY: &str = "\
`check`, `orders`, `play` and `audit --orders` print the whole command. A choice is a number, as `play` shows it \
in brackets. In a run of real processes and threads the numbers begin with 0, and after the last choice each further \
one is 0. In a schedule of an explored program, a choice is the number of the thread that goes on or is woken, or of \
the store that is read. The schedule stops at the first choice that is not given.";

/// The forms of a goal.
pub(crate) const GOALS: &str = "  prints TEXT   a line holds TEXT, as whole words
  TEXT -> TEXT  a line with the first text comes before any with the second one
  deadlock      no task can ever go on
  breaks ARROW  the output breaks this arrow, such as `breaks child -> parent`
  illegal       the transcript does not allow the output, or the end";

/// What `play --help` says about the exit code and the keys.
pub(super) const PLAY: &str = "The exit code is 1 if the goal was not reached, or a script ended before the run.

The keys: the number in brackets before a task lets it go on, u takes the last choice back, n begins again, e plays on \
in the usual order, h gives a hint, g shows the goal and sets another one, ? shows the keys, q quits. On a terminal \
they need no Enter, and what is typed before the question does not count. Elsewhere they are the words of standard \
input. There and in a script, a goal is set by g and a text in quotation marks, such as g \"prints 1\". A list with a \
comma or an x, such as 0,1,3x0, makes these choices, which are counted as `replay` counts them.";

/// What `read --help` says about the page.
pub(super) const READING: &str = "\
On a terminal, a text longer than the screen opens in `less`, or in the program that PAGER names. In a pipe a line \
has 80 columns, or as many as COLUMNS says; 100 at most.";

/// A transcript, for those who have never seen one.
pub(super) const EXAMPLE: &str = "left  | left is done
right | right is done
left, right -> main
main  | both are done";

/// The file that describes the format, wherever the reader is.
pub(super) const FORMAT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/transcript/README.md");

/// What `attack --help` and `verify --help` say about transcripts.
pub(super) fn transcripts() -> String {
    let example = EXAMPLE.replace('\n', "\n  ");
    format!(
        "A transcript says which lines a program prints, and in which orders. This one is for a program of three \
processes or threads:

  {example}

The first two lines come in any order. The arrow says that the last line comes after both. A hole, such as {{:int}}, \
takes any number; {{p:pid}} takes a process id, and {{p}} is the same one again. The exit status is 0 unless a line \
such as `exits 3` says otherwise. `cargo xtask show FILE` explains a transcript. The whole format is described, with \
programs in Rust, Python and shell, in
{FORMAT}"
    )
}

/// What `attack --help` says.
pub(super) fn attack() -> String {
    format!("{}\n\n{ATTACK}", transcripts())
}

/// What `attack --help` says about the runs.
const ATTACK: &str = "\
The program may be written in any language. It starts in the current directory, with nothing on standard input. \
Its first run is free, and its times are judged. In each further run a director decides which process or thread goes \
on: it holds back a line or a task until nothing else can move, or chooses at random. The first failure ends the \
attack, and comes with the command that replays it. Linux 5.19 or newer can do this; elsewhere all runs are free.";
