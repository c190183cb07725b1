//! The command line, parsed by hand: for four commands and one option, the library's users need not build a parser.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::answer::Failure;

const USAGE: &str = "\
Expected output of programs that never print the same thing twice.

Usage: transcript COMMAND

  show TRANSCRIPT                          what a transcript means, with a picture
  verify TRANSCRIPT OUTPUT                 is this output legal?
  verify TRANSCRIPT -- PROGRAM [ARGS..]    run a program once: are output and exit status legal?
  draft -- PROGRAM [ARGS..]                a first transcript from several runs
  bless TRANSCRIPT OUTPUT                  rewrite the literal text from a new output
  bless TRANSCRIPT -- PROGRAM [ARGS..]     the same from a run of the program

`transcript COMMAND --help` says more. `-` is standard input.
Exit status: 0 everything passed, 1 something failed, 2 the command was called wrongly.
";

const SHOW: &str = "\
What a transcript means: how many outputs it accepts, a picture of its order, events, reasons, rules, warnings.

Usage: transcript show TRANSCRIPT
";

const VERIFY: &str = "\
Judges an output by a transcript, and says why it is illegal.

Usage: transcript verify TRANSCRIPT OUTPUT
       transcript verify TRANSCRIPT -- PROGRAM [ARGS..]
       transcript verify TRANSCRIPT

OUTPUT is a file. With a program, its standard output is judged, and its exit status by `exits` in the transcript; its
standard error passes through. With neither, the command after `$` in the transcript runs. One run
need not satisfy a `seen` rule.
";

const DRAFT: &str = "\
Runs a program several times, and prints a first transcript: what differs between runs becomes holes, and the orders
that all runs showed are proposed as comments, `#? a -> b`. Decide which of them the program guarantees.

Usage: transcript draft [--runs N] -- PROGRAM [ARGS..]

  --runs N    how often to run it, from 1 to 1000 (20)
";

const BLESS: &str = "\
Rewrites the literal text of a transcript, and of the rules that quote it, from a new output. Arrows, holes and loops
stay. A line that could be the new wording of more than one event is reported, and nothing is written for it.

Usage: transcript bless TRANSCRIPT OUTPUT
       transcript bless TRANSCRIPT -- PROGRAM [ARGS..]
       transcript bless TRANSCRIPT

With neither output nor program, the command after `$` in the transcript runs.
";

/// What the command line asks for.
pub(crate) enum Request {
    Help(&'static str),
    Version,
    Show { transcript: PathBuf },
    Verify { transcript: PathBuf, origin: Origin },
    Draft { runs: u32, words: Vec<OsString> },
    Bless { transcript: PathBuf, origin: Origin },
}

/// Where an output comes from.
pub(crate) enum Origin {
    File(PathBuf),
    Program(Vec<OsString>),
    /// The command that the transcript names.
    Named,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Command {
    Show,
    Verify,
    Draft,
    Bless,
}

impl Command {
    const ALL: [(&str, Command); 4] = [
        ("show", Command::Show),
        ("verify", Command::Verify),
        ("draft", Command::Draft),
        ("bless", Command::Bless),
    ];

    fn named(name: &str) -> Option<Command> {
        Command::ALL.iter().find(|(known, _)| *known == name).map(|(_, command)| *command)
    }

    fn usage(self) -> &'static str {
        match self {
            Command::Show => SHOW,
            Command::Verify => VERIFY,
            Command::Draft => DRAFT,
            Command::Bless => BLESS,
        }
    }
}

/// Runs of a draft if the command line does not say.
const RUNS: u32 = 20;
const MOST_RUNS: u32 = 1_000;

impl Request {
    /// Reads the words after the program's name.
    pub(crate) fn read(mut words: impl Iterator<Item = OsString>) -> Result<Request, Failure> {
        let Some(word) = words.next() else {
            return Err(Failure::Question(format!("no command given\n\n{}", USAGE.trim_end())));
        };
        let name = word.to_string_lossy();
        let Some(command) = Command::named(&name) else {
            return match &*name {
                "-h" | "--help" | "help" => Ok(Request::Help(USAGE)),
                "-V" | "--version" => Ok(Request::Version),
                _ => Err(Failure::Question(format!(
                    "no command is called `{}`: write one of {}, or --help",
                    name.escape_debug(),
                    Command::ALL.map(|(name, _)| name).join(", ")
                ))),
            };
        };
        let takes_runs = command == Command::Draft;
        let mut rest = Words::default();
        while let Some(word) = words.next() {
            match word.to_str() {
                Some("--") => {
                    rest.program = Some(words.by_ref().collect());
                }
                Some("-h" | "--help") => return Ok(Request::Help(command.usage())),
                Some("--runs") if takes_runs => rest.runs = Some(runs(words.next())?),
                Some(option) if takes_runs && option.starts_with("--runs=") => {
                    rest.runs = Some(runs(option.strip_prefix("--runs=").map(OsString::from))?);
                }
                Some(option) if option.starts_with('-') && option != "-" => {
                    let known = if takes_runs { "--runs and --help" } else { "--help" };
                    return Err(wrong(
                        command,
                        &format!("unknown option `{}`: there is {known}", option.escape_debug()),
                    ));
                }
                _ => rest.files.push(word.into()),
            }
        }
        rest.request(command)
    }
}

/// What follows the command.
#[derive(Default)]
struct Words {
    files: Vec<PathBuf>,
    runs: Option<u32>,
    /// The words after `--`.
    program: Option<Vec<OsString>>,
}

impl Words {
    fn request(self, command: Command) -> Result<Request, Failure> {
        let wrong = |mistake: &str| wrong(command, mistake);
        let Words { files, runs, program } = self;
        if program.as_ref().is_some_and(Vec::is_empty) {
            return Err(wrong("no program after `--`"));
        }
        let mut files = files.into_iter();
        if command == Command::Draft {
            return match (files.next(), program) {
                (None, Some(words)) => Ok(Request::Draft { runs: runs.unwrap_or(RUNS), words }),
                (Some(_), _) => Err(wrong("write `--` before the program")),
                (None, None) => Err(wrong("no program to run")),
            };
        }
        let transcript = files.next().ok_or_else(|| wrong("no transcript given"))?;
        if command == Command::Show {
            return match (files.next(), program) {
                (None, None) => Ok(Request::Show { transcript }),
                _ => Err(wrong("more than one transcript: name one")),
            };
        }
        let origin = match (files.next(), program) {
            (Some(_), Some(_)) => {
                return Err(wrong("both an output and a program: name one of them"));
            }
            (Some(file), None) => Origin::File(file),
            (None, Some(words)) => Origin::Program(words),
            (None, None) => Origin::Named,
        };
        if files.next().is_some() {
            return Err(wrong("more than one output: write `--` before a program"));
        }
        Ok(match command {
            Command::Bless => Request::Bless { transcript, origin },
            _ => Request::Verify { transcript, origin },
        })
    }
}

fn runs(value: Option<OsString>) -> Result<u32, Failure> {
    let number = value.as_ref().and_then(|value| value.to_str()?.parse().ok());
    number.filter(|runs| (1..=MOST_RUNS).contains(runs)).ok_or_else(|| {
        let value = value.unwrap_or_default();
        wrong(
            Command::Draft,
            &format!(
                "--runs takes a number from 1 to {MOST_RUNS}, not `{}`",
                value.to_string_lossy().escape_debug()
            ),
        )
    })
}

/// The mistake, followed by the command's usage.
fn wrong(command: Command, mistake: &str) -> Failure {
    let usage = command.usage();
    let start = usage.find("Usage:").unwrap_or_default();
    let calls = usage[start..].split("\n\n").next().unwrap_or_default();
    Failure::Question(format!("{mistake}\n\n{}", calls.trim_end()))
}
