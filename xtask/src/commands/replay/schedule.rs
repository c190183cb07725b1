//! A schedule of an explored program, step by step.

use std::fmt::Write;

use explorer::{Ending, Question, Schedule};
use orders::Choices;
use transcript::{Timing, Transcript};

use crate::drawing::width;
use crate::exit::Result;
use crate::labels::lanes;
use crate::schedules::names::{Names, needs, printing};
use crate::schedules::{Explorer, outcome};
use crate::steps::made_of;
use crate::terminal::{BAD, FAINT, GOOD, STRONG, indented, paint, wrapped};

/// For how many choices the explorer is asked what else was possible: each takes a run of its own.
const MOST_ASKED: usize = 200;

/// The schedule that some choices lead to.
pub(super) struct Replayed {
    schedule: Schedule,
    choices: Choices,
    /// For each of the first choices, the numbers that were possible.
    possible: Vec<Vec<usize>>,
}

impl Replayed {
    /// # Errors
    ///
    /// The program has no such choices.
    pub(super) fn new(explorer: &Explorer, choices: &Choices) -> Result<Self> {
        let schedule = explorer.replay(choices)?;
        let made = schedule.steps.last().map_or(0, |step| step.choices);
        let mut possible = Vec::new();
        for before in 0..made.min(MOST_ASKED) {
            let earlier: Choices = choices.numbers()[..before].iter().copied().collect();
            let question = explorer.replay_after(&earlier)?.question;
            let numbers = question.iter().flat_map(Question::numbers);
            possible.push(numbers.map(|number| number as usize).collect());
        }
        Ok(Self { schedule, choices: choices.clone(), possible })
    }

    /// Why the transcript does not allow the schedule, if it has ended.
    pub(super) fn fault(&self, transcript: Option<&Transcript>) -> Option<String> {
        let Self { schedule, choices, .. } = self;
        let outcome = outcome::of(schedule, schedule.ending.as_ref()?, choices.numbers());
        outcome::judge(transcript?, &outcome).err()
    }

    /// The steps in a table. `name` and `file` are those of the program, and `kind` says what is played.
    pub(super) fn draw(
        &self,
        (name, file): (&str, &str),
        kind: &str,
        transcript: Option<&Transcript>,
    ) -> String {
        let schedule = &self.schedule;
        let mut text = format!("{}  ({file})\n", paint(STRONG, name));
        _ = writeln!(text, "{}", paint(FAINT, wrapped(kind, width())));
        let names = self.names(transcript);
        let rows = self.rows();
        let widest = |texts: &mut dyn Iterator<Item = &String>, heading: &str| {
            texts.map(|text| text.chars().count()).max().unwrap_or(0).max(heading.len())
        };
        let choice_width = widest(&mut rows.iter(), CHOICE);
        let name_width = widest(&mut names.iter(), THREAD);
        let heads = format!("{CHOICE:choice_width$}  {THREAD:name_width$}  line");
        _ = writeln!(text, "{}", paint(FAINT, heads));
        for (step, choice) in schedule.steps.iter().zip(&rows) {
            let printed = step.printed.as_deref().map(|text| runner::escaped(text.trim_end()));
            let printed =
                printed.map_or(String::new(), |printed| paint(GOOD, format_args!("  {printed}")));
            let name = names.get(step.thread as usize).map_or("", String::as_str);
            let choice = paint(STRONG, format_args!("{choice:choice_width$}"));
            let (line, what) = (step.line, &step.what);
            _ = writeln!(text, "{choice}  {name:name_width$}  {line:>4}  {what}{printed}");
        }
        _ = writeln!(text, "{}", end(schedule));
        for (number, status) in schedule.threads.iter().enumerate() {
            if status.has_ended {
                continue;
            }
            let does = match status.can_go_on {
                true => format!("is about to {}", status.next),
                false => needs(&status.next),
            };
            let (line, thread) = (status.line, &names[number]);
            let prints = status.prints.as_deref().map_or("", str::trim_end);
            let choice = if self.is_asked(number) { format!("[{number}]") } else { String::new() };
            let row = format!(
                "{choice:choice_width$}  {thread:name_width$}  {line:>4}  {does}  {prints}"
            );
            _ = writeln!(text, "{}", row.trim_end());
        }
        if let Some(transcript) = transcript.filter(|_| schedule.ending.is_some()) {
            text += &self.verdict(name, transcript);
        }
        text
    }

    /// What each thread is called.
    fn names(&self, transcript: Option<&Transcript>) -> Vec<String> {
        let Schedule { threads, output, .. } = &self.schedule;
        let lanes = transcript.map_or(Vec::new(), |transcript| {
            lanes(transcript, &transcript.judge(output, Timing::Waived))
        });
        let printing = printing(&self.schedule);
        let names = Names::new(threads, transcript, (&printing, &lanes), (&[], &[]));
        (0..threads.len()).map(|number| names.of(number)).collect()
    }

    /// The choice before each step. A forced step has none.
    fn rows(&self) -> Vec<String> {
        let mut used = 0;
        let choice = |choices: usize| {
            let made = self.choices.numbers().get(used).filter(|_| choices > used);
            let row = made.map_or(String::new(), |made| match self.possible.get(used) {
                Some(possible) => made_of(*made, possible),
                None => made.to_string(),
            });
            used = choices;
            row
        };
        self.schedule.steps.iter().map(|step| step.choices).map(choice).collect()
    }

    /// Whether the thread with this number can be chosen next.
    fn is_asked(&self, thread: usize) -> bool {
        let question = self.schedule.question.as_ref();
        let question = question.filter(|question| !matches!(question, Question::Store(_)));
        question.is_some_and(|question| question.numbers().any(|number| number as usize == thread))
    }

    fn verdict(&self, name: &str, transcript: &Transcript) -> String {
        match self.fault(Some(transcript)) {
            None => format!("\n{}  {name} {}\n", paint(GOOD, "passed"), self.choices),
            Some(fault) => format!(
                "\n{}  {name} {}\n{}\n",
                paint(BAD, "FAILED"),
                self.choices,
                indented(&wrapped(&fault, width().saturating_sub(4)))
            ),
        }
    }
}

/// The headings of the table.
const CHOICE: &str = "choice";
const THREAD: &str = "thread";

/// How the schedule ended, or what the next choice is about.
fn end(schedule: &Schedule) -> String {
    let listed =
        |numbers: &[u32]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (&schedule.ending, &schedule.question) {
        (Some(Ending::Returned), _) => paint(FAINT, "the program returns"),
        (Some(Ending::Failed(error)), _) => format!("the program fails: {error}"),
        (Some(Ending::Panicked(panic)), _) => {
            format!("{} in line {}: {}", paint(BAD, "main panics"), panic.line, panic.message)
        }
        (Some(Ending::Deadlock(_)), _) => paint(BAD, "deadlock: no thread can go on"),
        (Some(Ending::Endless), _) => paint(BAD, "it was cut off"),
        (None, Some(Question::Thread(numbers))) => {
            format!("the next choice: which thread goes on? {}", listed(numbers))
        }
        (None, Some(Question::Waiter(numbers))) => {
            format!("the next choice: which thread is woken? {}", listed(numbers))
        }
        (None, Some(Question::Store(stores))) => {
            let stores = stores.iter().map(|(number, value)| format!("{number} reads {value}"));
            format!(
                "the next choice: which store is read? {}",
                stores.collect::<Vec<_>>().join(", ")
            )
        }
        (None, None) => String::new(),
    }
}
