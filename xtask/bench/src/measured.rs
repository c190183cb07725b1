//! Evaluates the figures of an operation: ratios, and whether ours reach the goals.

use serde::Serialize;

use crate::figure::Figure;
use crate::operation::{Better, Contender, Goal, Operation, Side};

/// An operation with the results of all its contenders.
#[derive(Debug)]
pub struct Measured {
    /// What was measured.
    pub operation: &'static Operation,
    /// The median of each contender's figures, in the order of the contenders.
    pub figures: Vec<Figure>,
    /// How much other programs used the machine meanwhile, in words, if it was much.
    pub noise: Option<String>,
}

/// One line of the JSON form. A figure that could not be measured, and a goal that does not exist, is null.
#[derive(Debug, Serialize)]
pub struct Record {
    operation: &'static str,
    unit: &'static str,
    ours: Option<f64>,
    python: Option<f64>,
    rust_peer: Option<f64>,
    limit: Option<f64>,
    /// Ours divided by theirs, no matter whether more or less is better.
    ratio_to_python: Option<f64>,
    ratio_to_rust_peer: Option<f64>,
    ratio_to_limit: Option<f64>,
    goal: Option<String>,
    met: Option<bool>,
}

impl Operation {
    /// The goals in words: `at least 0.8 × fork, 8 × Process`.
    pub fn goal(&self) -> Option<String> {
        let bound = |goal: &Goal| match *goal {
            Goal::Absolute(figure) => format!("{figure} {}", self.unit),
            Goal::Times(times, side) => {
                let name = self.first(side).map_or("?", |(_, contender)| contender.name);
                format!("{times} × {name}")
            }
        };
        let bounds: Vec<String> = self.goals.iter().map(bound).collect();
        let how = match self.better {
            Better::More => "at least",
            Better::Less => "at most",
        };
        (!bounds.is_empty()).then(|| format!("{how} {}", bounds.join(", ")))
    }

    /// The first contender of a side, and its place.
    fn first(&self, side: Side) -> Option<(usize, &Contender)> {
        self.contenders.iter().enumerate().find(|(_, contender)| contender.side == side)
    }
}

impl Measured {
    /// The figure of a side. For ours it is the worst one, since all of ours must reach the goal; for another side it
    /// is the first contender's.
    pub fn figure(&self, side: Side) -> Option<f64> {
        if side != Side::Ours {
            let (index, _) = self.operation.first(side)?;
            return self.figures.get(index)?.as_ref().ok().copied();
        }
        let ours = self.operation.contenders.iter().zip(&self.figures);
        let ours = ours.filter(|(contender, _)| contender.side == Side::Ours);
        let figures: Option<Vec<f64>> =
            ours.map(|(_, figure)| figure.as_ref().ok().copied()).collect();
        figures?.into_iter().reduce(match self.operation.better {
            Better::More => f64::min,
            Better::Less => f64::max,
        })
    }

    /// Our figure divided by the figure of a side.
    fn ratio(&self, side: Side) -> Option<f64> {
        Some(self.figure(Side::Ours)? / self.figure(side)?)
    }

    /// Whether ours reach all goals. None if there is no goal, or if some goal cannot be judged and all others are met.
    pub fn met(&self) -> Option<bool> {
        let ours = self.figure(Side::Ours)?;
        let reached = |goal: &Goal| {
            let bound = match *goal {
                Goal::Absolute(figure) => figure,
                Goal::Times(times, side) => times * self.figure(side)?,
            };
            Some(match self.operation.better {
                Better::More => ours >= bound,
                Better::Less => ours <= bound,
            })
        };
        let verdicts: Vec<Option<bool>> = self.operation.goals.iter().map(reached).collect();
        if verdicts.contains(&Some(false)) {
            return Some(false);
        }
        (!verdicts.is_empty() && !verdicts.contains(&None)).then_some(true)
    }

    /// The contenders without a figure, by name, each with the reason.
    pub fn skipped(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let contenders = self.operation.contenders.iter().zip(&self.figures);
        contenders.filter_map(|(contender, figure)| {
            Some((contender.name, figure.as_ref().err()?.as_str()))
        })
    }

    /// The results in the form for programs.
    pub fn record(&self) -> Record {
        Record {
            operation: self.operation.name,
            unit: self.operation.unit,
            ours: self.figure(Side::Ours),
            python: self.figure(Side::Python),
            rust_peer: self.figure(Side::RustPeer),
            limit: self.figure(Side::Limit),
            ratio_to_python: self.ratio(Side::Python),
            ratio_to_rust_peer: self.ratio(Side::RustPeer),
            ratio_to_limit: self.ratio(Side::Limit),
            goal: self.operation.goal(),
            met: self.met(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::OPERATIONS;

    fn measured(name: &str, figures: &[Option<f64>]) -> Measured {
        let operation = OPERATIONS.iter().find(|operation| operation.name == name).unwrap();
        assert_eq!(operation.contenders.len(), figures.len());
        let figure = |figure: &Option<f64>| figure.ok_or_else(|| "absent".to_owned());
        Measured { operation, figures: figures.iter().map(figure).collect(), noise: None }
    }

    /// ours, Python, Command, procspawn, fork; at least 0.8 × fork, 8 × Process.
    fn process(ours: f64, python: Option<f64>, fork: Option<f64>) -> Option<bool> {
        measured("process", &[Some(ours), python, None, None, fork]).met()
    }

    #[test]
    fn every_goal_counts() {
        assert_eq!(process(800.0, Some(100.0), Some(1000.0)), Some(true), "just reached");
        assert_eq!(process(799.0, Some(50.0), Some(1000.0)), Some(false));
        assert_eq!(process(1000.0, Some(126.0), Some(1000.0)), Some(false));
    }

    #[test]
    fn what_is_absent_is_never_met() {
        assert_eq!(process(1000.0, None, Some(1000.0)), None);
        assert_eq!(process(100.0, None, Some(1000.0)), Some(false), "the other goal is missed");
        assert_eq!(measured("cpu", &[Some(2.0), None, None, None, None]).met(), None, "ours");
        assert_eq!(measured("thread", &[Some(1.0); 4]).met(), None, "there is no goal");
    }

    #[test]
    fn less_is_better_where_time_or_memory_is_measured() {
        let apply = |ours| measured("pool-apply", &[Some(ours), None, None, None, None]).met();
        assert_eq!((apply(15.0), apply(15.1)), (Some(true), Some(false)));
        let event = |ours| measured("event", &[Some(ours), None, Some(50.0)]).met();
        assert_eq!((event(60.0), event(60.1)), (Some(true), Some(false)));
    }

    #[test]
    fn the_worst_of_ours_is_judged_and_the_first_of_theirs() {
        let cpu = measured("cpu", &[Some(1.9), Some(1.7), Some(1.8), Some(1.0), Some(2.0)]);
        assert_eq!(cpu.figure(Side::Ours), Some(1.7));
        assert_eq!(cpu.figure(Side::Python), Some(1.8));
        assert_eq!(cpu.met(), Some(false));
    }

    #[test]
    fn a_record_has_exactly_the_promised_keys() {
        let whole = measured("lock", &[Some(60.0), Some(30.0), None, Some(100.0)]).record();
        assert_eq!(
            serde_json::to_string(&whole).unwrap(),
            r#"{"operation":"lock","unit":"locks/s","ours":60.0,"python":30.0,"rust_peer":null,"limit":100.0,"#
                .to_owned()
                + r#""ratio_to_python":2.0,"ratio_to_rust_peer":null,"ratio_to_limit":0.6,"#
                + r#""goal":"at least 0.6 × robust mutex","met":true}"#
        );
    }

    #[test]
    fn goals_name_whom_they_are_about() {
        let goal = |name: &str| OPERATIONS.iter().find(|o| o.name == name).unwrap().goal();
        assert_eq!(goal("process").unwrap(), "at least 0.8 × fork, 8 × Process");
        assert_eq!(goal("pool-apply").unwrap(), "at most 15 µs");
        assert_eq!(goal("thread"), None);
        for operation in &OPERATIONS {
            assert!(!operation.goal().is_some_and(|goal| goal.contains('?')), "{}", operation.name);
        }
    }
}
