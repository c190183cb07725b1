//! A given output: shown, or shown to be impossible.

use orders::{End, Printed, RandomWalk, Steer, Steered, Wanted};

use crate::partial_order::PartialOrder;
use crate::toy::Toy;
use crate::{AMPLE, all, each, explored, replayed, scenes};

/// What `runs` runs find out about an output, and how many of them it takes.
fn steered(toy: &mut Toy, wanted: Wanted, known: &[Printed], runs: usize) -> (Steered, usize) {
    let mut steer = Steer::new(wanted, known);
    let (tried, _) = explored(toy, &mut steer, runs);
    (steer.result(), tried.runs)
}

/// The lines of a few runs.
fn known(toy: &mut Toy) -> Vec<Printed> {
    let (_, traces) = explored(toy, &mut RandomWalk::new(3), 4);
    traces.into_iter().flat_map(|trace| trace.printed).collect()
}

/// Steers to each output of a toy. How many were shown by the first run.
fn each_output_is_shown(mut toy: Toy) -> (usize, usize) {
    let known = known(&mut toy);
    let mut first = 0;
    let outputs = all(&mut toy).outputs(usize::MAX);
    for output in &outputs {
        let wanted = Wanted::new(&output.lines).ending(output.end);
        let (result, runs) = steered(&mut toy, wanted, &known, AMPLE.runs);
        let Steered::Shown(choices) = result else { panic!("{:?}: {result:?}", output.lines) };
        let trace = replayed(&mut toy, &choices);
        assert_eq!((trace.lines(), trace.conclusion.end), (output.lines.clone(), output.end));
        first += usize::from(runs == 1);
    }
    (first, outputs.len())
}

#[test]
fn each_output_that_a_program_can_print_is_shown_mostly_by_the_first_run() {
    for (toy, least) in [
        (scenes::fork_twice(), 140),
        (scenes::any_order(4), 24),
        (scenes::rlock(), 6),
        (scenes::barrier(), 216),
        (scenes::poll(), 1),
        (scenes::deadlock(), 1),
    ] {
        let (first, all) = each_output_is_shown(toy);
        println!("{first} of {all} outputs were shown by the first run");
        assert!(first >= least, "{first} of {all} outputs were shown by the first run");
    }
}

#[test]
fn each_linear_extension_is_shown_and_nothing_else() {
    let mut impossible = 0;
    each(90, |u| {
        let order = PartialOrder::arbitrary(u)?;
        let mut toy = order.toy(u.arbitrary()?);
        let extensions = order.extensions();
        for lines in &extensions {
            let (result, _) = steered(&mut toy, Wanted::new(lines), &[], AMPLE.runs);
            let Steered::Shown(choices) = result else { panic!("{lines:?} of {order:?}") };
            assert_eq!(replayed(&mut toy, &choices).lines(), *lines);
        }
        let mut lines = extensions[0].clone();
        let (one, other) = (u.choose_index(lines.len())?, u.choose_index(lines.len())?);
        lines.swap(one, other);
        let (result, _) = steered(&mut toy, Wanted::new(&lines), &[], AMPLE.runs);
        let possible = extensions.contains(&lines);
        assert_eq!(matches!(result, Steered::Shown(_)), possible, "{lines:?} of {order:?}");
        assert_eq!(matches!(result, Steered::Impossible { .. }), !possible);
        impossible += usize::from(!possible);
        Ok(())
    });
    assert!(impossible > 20, "{impossible} say little");
}

#[test]
fn places_for_processes_are_filled_in() {
    // The shape of a legal output, as a transcript gives it: b's child speaks first.
    let shape = [
        "#1 start",
        "#1 forked #2",
        "#2 child of #1",
        "#2 forked #3",
        "#3 child of #2",
        "#2 done",
        "#1 forked #4",
        "#4 child of #1",
        "#1 done",
    ];
    let mut toy = scenes::fork_twice();
    let (result, _) = steered(&mut toy, Wanted::new(shape), &[], AMPLE.runs);
    let Steered::Shown(choices) = result else { panic!("{result:?}") };
    let lines = replayed(&mut toy, &choices).lines();
    assert_eq!(lines[4], "<0.1.1> child of <0.1>");
}

#[test]
fn how_far_an_output_came_is_told() {
    let mut toy = scenes::any_order(3);
    let wanted = || Wanted::new(["two", "all", "one", "three"]);
    let (result, runs) = steered(&mut toy, wanted(), &[], AMPLE.runs);
    assert_eq!(result, Steered::Impossible { printed: 1 });
    assert!(runs > 1);
    let (result, _) = steered(&mut toy, wanted(), &[], 1);
    assert_eq!(result, Steered::NotShown { printed: 1 }, "one run proves nothing");
    // Too short, and too long.
    let (result, _) = steered(&mut toy, Wanted::new(["two", "one", "three"]), &[], AMPLE.runs);
    assert_eq!(result, Steered::Impossible { printed: 3 });
    let long = Wanted::new(["two", "one", "three", "all", "all"]);
    let (result, _) = steered(&mut toy, long, &[], AMPLE.runs);
    assert_eq!(result, Steered::Impossible { printed: 4 });
}

#[test]
fn a_program_that_polls_is_searched_to_its_end() {
    let wanted = Wanted::new(["seen", "set", "bye"]);
    let (result, _) = steered(&mut scenes::poll(), wanted, &[], AMPLE.runs);
    assert_eq!(result, Steered::Impossible { printed: 0 });
}

#[test]
fn a_deadlock_can_be_wanted() {
    let deadlock = Wanted::new::<&str>([]).ending(End::Stuck);
    let (result, _) = steered(&mut scenes::deadlock(), deadlock, &[], AMPLE.runs);
    assert!(matches!(result, Steered::Shown(_)));
    let nothing = Wanted::new::<&str>([]);
    let (result, _) = steered(&mut scenes::deadlock(), nothing, &[], AMPLE.runs);
    assert_eq!(result, Steered::Impossible { printed: 0 });
}
