//! The numbers of the tasks of a directed run: one for each, from the first move to the last.

use runner::{Move, Name, Step};

/// A moment at which the reader chose.
pub(super) struct Asked {
    /// How many steps there were.
    pub(super) steps: usize,
    pub(super) options: Vec<Move>,
}

/// The numbers of the tasks that have been able to move so far. The first process has 0. The others count from 1, in
/// the order in which they could first move; of several at one moment, in the order of the options. So the same choices
/// give the same numbers, and no later move changes one.
pub(super) struct Numbers<'a>(Vec<&'a Name>);

impl<'a> Numbers<'a> {
    /// `options` are those of the present moment.
    pub(super) fn new(steps: &'a [Step], asked: &'a [Asked], options: &'a [Move]) -> Self {
        let mut tasks: Vec<&Name> = Vec::new();
        let mut add = |made: &'a Move| {
            if !is_first(&made.thread) && !tasks.contains(&&made.thread) {
                tasks.push(&made.thread);
            }
        };
        let mut told = 0;
        for Asked { steps: at, options } in asked {
            steps[told..*at].iter().for_each(|step| add(&step.made));
            options.iter().for_each(&mut add);
            told = *at;
        }
        steps[told..].iter().for_each(|step| add(&step.made));
        options.iter().for_each(add);
        Self(tasks)
    }

    /// The number of a task. None if it has not been able to move yet.
    pub(super) fn of(&self, task: &Name) -> Option<usize> {
        if is_first(task) {
            return Some(0);
        }
        Some(self.0.iter().position(|other| *other == task)? + 1)
    }
}

/// Whether it is the program's main thread.
fn is_first(task: &Name) -> bool {
    task.to_string() == "0"
}

#[cfg(test)]
mod tests {
    use runner::Act;

    use super::*;

    fn name(text: &str) -> Name {
        serde_json::from_value(text.into()).expect("a name")
    }

    fn begin(task: &str) -> Move {
        let (text, neutral) = (String::new(), String::new());
        Move { thread: name(task), pid: 1, act: Act::Begin, text, neutral }
    }

    #[test]
    fn a_task_keeps_its_number() {
        let step = |task| Step { made: begin(task), chosen: 0, options: 2 };
        let options = |tasks: &[&str]| tasks.iter().copied().map(begin).collect::<Vec<_>>();
        // The first process waits meanwhile, and a child of a child comes before the second child.
        let asked = [(0, options(&["0.1"])), (1, options(&["0.1.1", "0.2"]))]
            .map(|(steps, options)| Asked { steps, options });
        let steps = ["0.1", "0.2"].map(step);
        let (first, none) = (Numbers::new(&[], &[], &asked[0].options), []);
        assert_eq!(["0", "0.1", "0.2"].map(|task| first.of(&name(task))), [Some(0), Some(1), None]);
        let later = Numbers::new(&steps, &asked, &none);
        assert_eq!(
            ["0", "0.1", "0.1.1", "0.2"].map(|task| later.of(&name(task))),
            [0, 1, 2, 3].map(Some)
        );
    }
}
