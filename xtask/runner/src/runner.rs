//! The host's side of a run.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sys::prctl;
use nix::unistd::Pid;

use crate::cancel::Cancel;
use crate::direct::{Choice, Directed, Direction, Question, Step, View};
use crate::error::Error;
use crate::folder::Folder;
use crate::heartbeat::Heartbeat;
use crate::launch::Launch;
use crate::leftover::{self, Surroundings};
use crate::mark::Mark;
use crate::message::{Assignment, Ended, Message, Word};
use crate::processes::{self, Stat};
use crate::recording::{Ending, Line, Recording};
use crate::schedule::{Refusal, Schedule};
use crate::supervisor;
use crate::suspension::{self, Tether};

/// How long after the deadline a supervisor may take to clean up and report.
const CLEANUP_TIMEOUT: Duration = Duration::from_secs(30);
/// How often the host checks whether the supervisor is stopped.
const LOOK_INTERVAL: Duration = Duration::from_millis(100);

/// Records runs, at the same time if several threads call it.
///
/// The host becomes a child subreaper: the processes of a killed supervisor become the host's children.
pub struct Runner {
    heartbeat: Heartbeat,
    cancel: Cancel,
}

impl Runner {
    /// A runner whose runs end when `cancel` is cancelled.
    ///
    /// # Errors
    ///
    /// The kernel is older than 3.4.
    pub fn new(cancel: Cancel) -> Result<Self, Error> {
        prctl::set_child_subreaper(true)
            .map_err(|errno| Error::tried("become a child subreaper", &errno.into()))?;
        Ok(Self { heartbeat: Heartbeat::start(), cancel })
    }

    /// The handle from which it was made.
    #[must_use]
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// Runs the program until it ends, or until shortly after its deadline. Afterwards none of its processes is left,
    /// and no file in its own folders.
    ///
    /// # Errors
    ///
    /// The run is cancelled, the program cannot be started, or the host lacks something. What the program does is never
    /// an error.
    pub fn record(&self, launch: &Launch, schedule: &Schedule) -> Result<Recording, Error> {
        self.run(launch, schedule, &mut |_| Choice::Take(0)).map(|directed| directed.recording)
    }

    /// Runs the program as [`record`](Self::record) does, and asks `choose` which thread may go on, whenever more than
    /// one can. The time that `choose` takes does not count.
    ///
    /// # Errors
    ///
    /// As for `record`, and [`Error::Undirected`] if no run can be directed here.
    ///
    /// # Panics
    ///
    /// If `choose` takes an option that there is not.
    pub fn direct(
        &self,
        launch: &Launch,
        direction: &Direction,
        choose: &mut dyn FnMut(&View<'_>) -> Choice,
    ) -> Result<Directed, Error> {
        self.run(launch, &Schedule::Directed(direction.clone()), choose)
    }

    fn run(
        &self,
        launch: &Launch,
        schedule: &Schedule,
        choose: &mut dyn FnMut(&View<'_>) -> Choice,
    ) -> Result<Directed, Error> {
        if !supervisor::is_hooked() {
            let advice =
                "this program cannot supervise: call runner::supervise_if_asked() first in main";
            return Err(Error::Supervise(advice.to_owned()));
        }
        if self.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let span = self.heartbeat.span();
        let temporary = tempfile::Builder::new()
            .prefix(Folder::PREFIX)
            .tempdir()
            .map_err(|error| Error::tried("make a temporary folder", &error))?;
        let folder = Folder::new(temporary.path())
            .map_err(|error| Error::tried("make a temporary folder", &error))?;
        let mark = Mark::draw().map_err(|error| Error::tried("mark a run", &error))?;
        let surroundings = Surroundings::before(&folder);
        let assignment =
            Assignment { launch: launch.clone(), schedule: schedule.clone(), folder, mark };

        let failed = |error| Error::tried("supervise a run", &error);
        let mut conversation = Conversation::begin(&assignment).map_err(failed)?;
        let last = conversation.listen(&self.cancel, choose);
        let mut orphans = Vec::new();
        if !matches!(last, Ok(Last::Ended(_))) {
            conversation.end();
            orphans = leftover::marked(mark);
            processes::kill_all(|pid| mark.is_on(pid));
        }
        let ended = match last.map_err(failed)? {
            Last::Ended(ended) => ended,
            Last::Lost(ending, wall) => {
                let (processes, leftovers) = (Vec::new(), orphans);
                let (delay, steps) = (Duration::ZERO, Vec::new());
                Ended { ending, delay, processes, leftovers, wall, processor: None, steps }
            }
            Last::NotStarted(reason) => return Err(not_started(launch, reason)),
            Last::Undirected(refusal) => return Err(Error::Undirected(refusal)),
            Last::Cancelled => return Err(Error::Cancelled),
            Last::Failed(message) => return Err(Error::Supervise(message)),
        };
        let mut leftovers = ended.leftovers;
        leftovers.extend(surroundings.left(&self.cancel));
        let recording = Recording {
            lines: std::mem::take(&mut conversation.lines),
            processes: ended.processes,
            ending: ended.ending,
            leftovers,
            wall: ended.wall,
            processor: ended.processor,
            stall: span.longest_stall().max(ended.delay),
        };
        let mut steps = std::mem::take(&mut conversation.steps);
        steps.extend(ended.steps);
        Ok(Directed { recording, steps })
    }
}

fn not_started(launch: &Launch, reason: String) -> Error {
    let program = launch.command.first().map(|program| program.to_string_lossy().into_owned());
    Error::Start { program: program.unwrap_or_default(), reason }
}

/// The exchange with one supervisor.
struct Conversation {
    supervisor: Child,
    tether: Arc<Tether>,
    start: Instant,
    limit: Duration,
    lines: Vec<Line>,
    steps: Vec<Step>,
    last: Option<Last>,
}

/// How a conversation ended.
enum Last {
    Ended(Ended),
    NotStarted(String),
    Undirected(Refusal),
    Cancelled,
    /// Another process ended or stopped the supervisor, this long after its start.
    Lost(Ending, Duration),
    /// The supervisor failed, for this reason.
    Failed(String),
}

impl Conversation {
    fn begin(assignment: &Assignment) -> io::Result<Self> {
        // Not current_exe: cargo may have replaced the file since we started.
        let mut supervisor = Command::new("/proc/self/exe")
            .arg0(supervisor::NAME)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut stdin = supervisor.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        // If it is dead already, its status will say so.
        _ = stdin.write_all(&assignment.bytes()?);
        Ok(Self {
            supervisor,
            tether: Tether::new(stdin),
            start: Instant::now(),
            limit: assignment.launch.deadline.saturating_add(CLEANUP_TIMEOUT),
            lines: Vec::new(),
            steps: Vec::new(),
            last: None,
        })
    }

    /// Reads the supervisor's messages up to the last one, and answers its questions.
    fn listen(
        &mut self,
        cancel: &Cancel,
        choose: &mut dyn FnMut(&View<'_>) -> Choice,
    ) -> io::Result<Last> {
        let last = self.listen_to_the_last(cancel, choose)?;
        if cancel.is_cancelled() {
            return Ok(Last::Cancelled);
        }
        if let Some(last) = last {
            return Ok(last);
        }
        let status = self.supervisor.wait()?;
        Ok(match status.signal() {
            Some(signal) => Last::Lost(Ending::SupervisorKilled(signal), since(self.start)),
            None => Last::Failed(format!("the supervisor ended without a word ({status})")),
        })
    }

    /// Returns None if the supervisor ends without a last message.
    fn listen_to_the_last(
        &mut self,
        cancel: &Cancel,
        choose: &mut dyn FnMut(&View<'_>) -> Choice,
    ) -> io::Result<Option<Last>> {
        let mut stdout = self.supervisor.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut buffer = vec![0; 1 << 16];
        let mut rest = Vec::new();
        let mut wakes_on_cancel = true;
        loop {
            let readable = cancel.wait(stdout.as_fd(), wakes_on_cancel, Some(LOOK_INTERVAL))?;
            if wakes_on_cancel && cancel.is_cancelled() {
                wakes_on_cancel = false;
                self.tether.cut();
                self.limit = since(self.start) + CLEANUP_TIMEOUT;
            }
            if readable {
                match stdout.read(&mut buffer)? {
                    0 => return Ok(None),
                    count => self.take(&mut rest, &buffer[..count], choose)?,
                }
                if self.last.is_some() {
                    return Ok(self.last.take());
                }
                continue;
            }
            let pid = Pid::from_raw(self.supervisor.id().cast_signed());
            if Stat::read(pid).is_some_and(|supervisor| supervisor.is_stopped_by_a_signal()) {
                return Ok(Some(Last::Lost(Ending::SupervisorStopped, since(self.start))));
            }
            if since(self.start) > self.limit {
                let message = format!("the supervisor did not end within {:?}", self.limit);
                return Ok(Some(Last::Failed(message)));
            }
        }
    }

    /// Ends a supervisor that sends no more messages. It may be stopped.
    fn end(&mut self) {
        _ = self.supervisor.kill();
        _ = self.supervisor.wait();
    }

    /// Takes whole messages; an incomplete one stays in `rest`.
    fn take(
        &mut self,
        rest: &mut Vec<u8>,
        bytes: &[u8],
        choose: &mut dyn FnMut(&View<'_>) -> Choice,
    ) -> io::Result<()> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            rest.extend_from_slice(part);
            if part.ends_with(b"\n") {
                match serde_json::from_slice(rest)? {
                    Message::Printed(mut lines) => self.lines.append(&mut lines),
                    Message::Asked(question) => self.answer(question, choose),
                    Message::Ended(ended) => self.last = Some(Last::Ended(ended)),
                    Message::Undirected(refusal) => self.last = Some(Last::Undirected(refusal)),
                    Message::NotStarted(reason) => self.last = Some(Last::NotStarted(reason)),
                    Message::Failed(message) => self.last = Some(Last::Failed(message)),
                }
                rest.clear();
            }
        }
        Ok(())
    }

    /// Tells the supervisor which option is next.
    fn answer(&mut self, question: Question, choose: &mut dyn FnMut(&View<'_>) -> Choice) {
        self.steps.extend(question.steps);
        let view = View {
            options: &question.options,
            blocked: &question.blocked,
            steps: &self.steps,
            state: question.state,
        };
        let asked = since(self.start);
        let word = match choose(&view) {
            Choice::Take(option) => {
                let options = question.options.len();
                assert!(option < options, "option {option} of {options} was chosen, from 0");
                Word::Take(option as u32)
            }
            Choice::Abandon => Word::Abandon,
        };
        self.limit += since(self.start).saturating_sub(asked);
        self.tether.send(word);
    }
}

impl Drop for Conversation {
    /// Waits for the supervisor's end, and removes the run's folder.
    fn drop(&mut self) {
        self.tether.cut();
        _ = self.supervisor.wait();
    }
}

/// The time since `start`, without the time for which the host was suspended.
fn since(start: Instant) -> Duration {
    let now = Instant::now();
    (now - start).saturating_sub(suspension::within(start, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_without_the_hook_is_told_so() {
        // The main of this test is libtest's: started again, it would run all tests instead of supervising.
        let runner = Runner::new(Cancel::new().unwrap()).unwrap();
        let error = runner.record(&Launch::new(["true"]), &Schedule::Free).unwrap_err();
        assert!(error.to_string().contains("call runner::supervise_if_asked() first"), "{error}");
    }
}
