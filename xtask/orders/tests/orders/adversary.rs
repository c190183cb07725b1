//! The adversary breaks what luck keeps, and nothing else.

use std::convert::Infallible;
use std::ops::ControlFlow;

use orders::{
    Adversary, Attacks, Bounds, Choose, Conclusion, End, Move, Program, RandomWalk, Target,
    TaskName, Unattacked, explore,
};

use crate::partial_order::PartialOrder;
use crate::toy::Toy;
use crate::{AMPLE, each, explored, scenes};

const PATIENCE: usize = 100;

/// In which run the adversary shows a fault, from 1.
fn caught(toy: &mut Toy) -> Option<usize> {
    let mut adversary = Adversary::new(toy.law.attacks(), PATIENCE);
    let (_, traces) = explored(toy, &mut adversary, AMPLE.runs);
    traces.iter().position(|trace| trace.conclusion.fault.is_some()).map(|index| index + 1)
}

#[test]
fn a_program_that_acts_before_it_tells_is_caught_in_the_first_three_runs() {
    for mut pair in scenes::mutants() {
        let run = caught(&mut pair.broken).unwrap_or_else(|| panic!("{} is not caught", pair.name));
        assert!(run <= 3, "{} is caught in run {run}", pair.name);

        const WALKS: usize = 500;
        let (_, walks) = explored(&mut pair.broken, &mut RandomWalk::new(1), WALKS);
        let hits = walks.iter().filter(|trace| trace.conclusion.fault.is_some()).count();
        println!("{}: caught in run {run}, and in {hits} of {WALKS} random runs", pair.name);
        assert!((1..WALKS).contains(&hits), "{}: luck decides", pair.name);
    }
}

#[test]
fn a_program_that_keeps_its_order_withstands_every_attack() {
    for mut pair in scenes::mutants() {
        let mut adversary = Adversary::new(pair.kept.law.attacks(), PATIENCE);
        let (tried, traces) = explored(&mut pair.kept, &mut adversary, AMPLE.runs);
        let fault = traces.iter().find_map(|trace| trace.conclusion.fault.clone());
        assert_eq!(fault, None, "{}", pair.name);
        assert!(!tried.stopped && tried.runs > 5, "{}: {} targets", pair.name, tried.runs);
        let attacks = adversary.attacks();
        assert_eq!(attacks.attacked(), attacks.arrows(), "{}: {attacks}", pair.name);
    }
}

#[test]
fn each_edge_of_a_partial_order_is_attacked_and_each_edge_kept_by_luck_is_broken() {
    let (mut edges, mut mutants) = (0, 0);
    each(150, |u| {
        let order = PartialOrder::arbitrary(u)?;
        let births = u.arbitrary()?;
        let mut toy = order.toy(births);
        let mut adversary = Adversary::new(toy.law.attacks(), PATIENCE);
        let (_, traces) = explored(&mut toy, &mut adversary, AMPLE.runs);
        assert!(traces.iter().all(|trace| trace.conclusion.fault.is_none()));
        let open: Vec<&str> = adversary.attacks().open().collect();
        assert!(open.is_empty(), "{open:?} of {order:?}");
        edges += order.edges().len();
        for edge in 0..order.edges().len() {
            // What other edges imply, they keep.
            let found = caught(&mut order.mutant(births, Some(edge)));
            assert_eq!(found.is_some(), !order.is_implied(edge), "edge {edge} of {order:?}");
            // Two runs hold back every line, then one each task.
            assert!(found <= Some(2 + order.tasks()), "{found:?}, edge {edge} of {order:?}");
            mutants += usize::from(found.is_some());
        }
        Ok(())
    });
    assert!(edges > 100 && mutants > 100, "{edges} and {mutants} say little");
}

#[test]
fn the_targets_are_what_the_first_runs_have_printed() {
    let mut toy = scenes::rlock();
    let mut adversary = Adversary::new(Attacks::default(), PATIENCE);
    let mut targets = Vec::new();
    let Ok(_) = explore(&mut toy, &mut adversary, AMPLE, |adversary, _| {
        targets.push(adversary.target().to_string());
        ControlFlow::Continue(())
    });
    let expected = [
        "every line is late",
        "every line is late, the newest one least",
        "a task that has printed \"# dear\" is late",
        "each line \"# dear\" is late",
        "a task that has printed \"# yours\" is late",
        "each line \"# yours\" is late",
        "a task that has printed \"main\" is late",
        "task 0 is late",
        "task 0.1 is late",
        "task 0.2 is late",
        "task 0.3 is late",
        "the line \"1 dear\" is late",
        "the line \"1 yours\" is late",
        "the line \"2 dear\" is late",
        "the line \"2 yours\" is late",
        "the line \"3 dear\" is late",
        "the line \"3 yours\" is late",
        "the line \"main\" is late",
    ];
    assert_eq!(targets, expected);
}

#[test]
fn a_line_that_is_held_from_a_program_that_polls_is_released_in_the_end() {
    // While "set" is held, main polls. Nothing ends that but the adversary's patience.
    let mut toy = scenes::poll();
    toy.law = crate::law::Law::new(&["set", "seen"], &[(0, 1)]);
    let mut adversary = Adversary::new(toy.law.attacks(), PATIENCE);
    let (_, traces) = explored(&mut toy, &mut adversary, AMPLE.runs);
    assert!(traces.iter().all(|trace| trace.conclusion.end == End::Finished));
    assert!(traces.iter().all(|trace| trace.conclusion.fault.is_none()));
    assert!(traces[0].steps > PATIENCE);
    assert_eq!(adversary.attacks().to_string(), "0 of 1 arrow attacked", "it was no last resort");
    let unattacked: Vec<_> = adversary.attacks().unattacked().map(|(_, why)| why).collect();
    assert_eq!(unattacked, [Unattacked::NeverLast]);
}

/// Prints another number in each run.
struct Varied {
    runs: usize,
}

impl Program for Varied {
    type Error = Infallible;

    fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Infallible> {
        self.runs += 1;
        for line in [format!("at {}", self.runs), "done".to_owned()] {
            let Some(_) = choose(&[Move::print(TaskName::first(), line)], 0) else {
                return Ok(Conclusion { end: End::Stopped, fault: None, events: Vec::new() });
            };
        }
        Ok(Conclusion { end: End::Finished, fault: None, events: vec![Some(0), Some(1)] })
    }
}

#[test]
fn a_line_that_never_comes_again_is_no_target() {
    let mut adversary = Adversary::new(Attacks::default(), PATIENCE);
    let mut targets = Vec::new();
    let Ok(_) = explore(&mut Varied { runs: 0 }, &mut adversary, AMPLE, |adversary, _| {
        targets.push(adversary.target().clone());
        ControlFlow::Continue(())
    });
    let lines = targets.iter().filter(|target| matches!(target, Target::Line(_)));
    assert_eq!(lines.collect::<Vec<_>>(), [&Target::Line("done".to_owned())]);
}

#[test]
fn an_event_of_several_lines_is_attacked_with_its_last_one() {
    let conclusion = |events: [usize; 3]| Conclusion {
        end: End::Finished,
        fault: None,
        events: events.map(Some).to_vec(),
    };
    /// A child with two lines, and a main that waits for it.
    struct Repeated(Conclusion);
    impl Program for Repeated {
        type Error = Infallible;

        fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Infallible> {
            let line = |number, text| Move::print(TaskName::first().child(number), text);
            let both = [line(1, "again"), line(2, "beside")];
            let moves = [&both[..], &both[..1], &both[1..]];
            let _ = moves.map(|moves| choose(moves, moves.len() as u64));
            Ok(self.0.clone())
        }
    }
    let attacked = |events| {
        let mut attacks = Attacks::default();
        attacks.add("again -> beside", [(0, 1)]);
        let mut adversary = Adversary::new(attacks, PATIENCE);
        let bounds = Bounds { runs: 1, ..AMPLE };
        let mut program = Repeated(conclusion(events));
        let Ok(_) = explore(&mut program, &mut adversary, bounds, |_, _| ControlFlow::Continue(()));
        adversary.attacks().attacked()
    };
    assert_eq!(attacked([0, 0, 1]), 1);
    assert_eq!(attacked([0, 1, 1]), 0, "the first of three lines was no last resort");
}

#[test]
fn an_arrow_of_a_missing_line_is_not_attacked() {
    /// A child that another task ends before its second line, in each run but the first one.
    struct Ended {
        runs: usize,
    }
    impl Program for Ended {
        type Error = Infallible;

        fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Infallible> {
            self.runs += 1;
            let line = |number, text| Move::print(TaskName::first().child(number), text);
            let mut events = vec![Some(1)];
            if self.runs == 1 {
                choose(&[line(1, "child"), line(2, "end")], 0);
                events.insert(0, Some(0));
            }
            choose(&[line(2, "end")], 1);
            Ok(Conclusion { end: End::Finished, fault: None, events })
        }
    }
    let unattacked = |runs| {
        let mut attacks = Attacks::default();
        attacks.add("child -> end", [(0, 1)]);
        attacks.add("never -> end", [(2, 1)]);
        let mut adversary = Adversary::new(attacks, PATIENCE);
        let bounds = Bounds { runs, ..AMPLE };
        let each = |_: &Adversary, _: &_| ControlFlow::Continue(());
        let Ok(_) = explore(&mut Ended { runs: 0 }, &mut adversary, bounds, each);
        let unattacked = adversary.attacks().unattacked();
        unattacked.map(|(name, why)| (name.to_owned(), why)).collect::<Vec<_>>()
    };
    let never = ("never -> end".to_owned(), Unattacked::NotShown);
    let child = |why| ("child -> end".to_owned(), why);
    assert_eq!(unattacked(1), [child(Unattacked::NeverLast), never.clone()]);
    assert_eq!(unattacked(2), [child(Unattacked::MayBeMissing), never]);
}

#[test]
fn the_first_run_attacks_a_first_line() {
    let mut pair = scenes::mutants().remove(0);
    let mut adversary = Adversary::new(pair.kept.law.attacks(), PATIENCE);
    explored(&mut pair.kept, &mut adversary, 1);
    assert_eq!(adversary.attacks().to_string(), "the arrow attacked");
}
