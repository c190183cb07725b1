//! The same choices, the same run.

use orders::{Choices, Divergence, RandomWalk, Replay, TaskName};

use crate::{AMPLE, explored, replayed, scenes};

#[test]
fn a_run_is_replayed_by_its_choices() {
    for mut toy in [scenes::fork_twice(), scenes::barrier(), scenes::deadlock(), scenes::poll()] {
        let (_, traces) = explored(&mut toy, &mut RandomWalk::new(7), 100);
        for trace in traces {
            let choices: Choices = trace.choices.to_string().parse().unwrap();
            assert_eq!(replayed(&mut toy, &choices), trace);
        }
    }
}

#[test]
fn without_choices_the_eldest_task_goes_first() {
    let trace = replayed(&mut scenes::any_order(4), &Choices::default());
    assert_eq!(trace.lines(), ["one", "two", "three", "four", "all"]);
    assert!(trace.choices.numbers().iter().all(|&number| number == 0));
}

#[test]
fn the_default_order_goes_on_after_the_last_choice() {
    let trace = replayed(&mut scenes::any_order(4).without_births(), &"3,2".parse().unwrap());
    assert_eq!(trace.lines(), ["four", "three", "one", "two", "all"]);
    assert_eq!(trace.choices.to_string(), "3,2,0", "main's line leaves no choice");
}

#[test]
fn a_run_that_cannot_follow_says_where() {
    let diverged = |choices: &str| {
        let mut replay = Replay::new(choices.parse().unwrap());
        let (_, traces) =
            explored(&mut scenes::any_order(2).without_births(), &mut replay, AMPLE.runs);
        assert_eq!(traces.len(), 1);
        replay.divergence().map(ToString::to_string)
    };
    assert_eq!(diverged("1"), None);
    let moves = r#"choice 1 is 2, but the moves are 0: 0.1 prints "one", 1: 0.2 prints "two""#;
    assert_eq!(diverged("2").as_deref(), Some(moves));
    assert_eq!(diverged("1,1").as_deref(), Some("the run ended after 1 of 2 choices"));
    assert_eq!(diverged("1,0,0"), None, "zeros at the end mean nothing");
}

#[test]
fn equal_choices_are_written_once() {
    let choices = |parts: &[(usize, usize)]| -> Choices {
        parts.iter().flat_map(|&(times, number)| vec![number; times]).collect()
    };
    for (parts, text) in [
        (&[(1, 0), (1, 1), (4, 0)][..], "0,1,0,0,0,0"),
        (&[(1200, 0), (1, 1), (5, 12)], "1200x0,1,5x12"),
        (&[(99_999, 0), (1, 1)], "99999x0,1"),
    ] {
        assert_eq!(choices(parts).to_string(), text);
        assert_eq!(text.parse::<Choices>().unwrap(), choices(parts));
    }
    assert_eq!("1x7, 2x0".parse::<Choices>().unwrap().numbers(), [7, 0, 0]);
}

#[test]
fn what_is_no_list_of_choices_is_refused_with_its_place() {
    let error = |text: &str| text.parse::<Choices>().unwrap_err().to_string();
    let hint = "choices are numbers from 0 on, such as 0,1,0,2; 3x0 means 0,0,0";
    let no_number = |place, part| {
        format!("choice {place} is \"{part}\", which is not a number of a move: {hint}")
    };
    for part in ["x", "3x", "x3", "3x0x1", "0*3", "+1", "0x-1", "99999999999999999999"] {
        assert_eq!(error(&format!("0,{part}")), no_number(2, part));
    }
    assert_eq!(error("0,7x1,a"), no_number(9, "a"), "its place in the run");
    assert_eq!(error("0x3"), format!("choice 1 is \"0x3\", which is made 0 times: {hint}"));
    for long in ["99999x0,2x1", "99999999999999999x0"] {
        assert!(error(long).ends_with("the list has more than 100000 choices"), "{}", error(long));
    }
    assert_eq!(error("-1"), no_number(1, "-1"));
    assert_eq!(error("0 1"), no_number(1, "0 1"));
    assert_eq!(error("0,"), format!("choice 2 is missing: {hint}"));
    assert_eq!(error(""), format!("choice 1 is missing: {hint}"));
    assert_eq!(Choices::default().to_string(), "0");
    assert_eq!(" 1, 2 ".parse::<Choices>().unwrap().numbers(), [1, 2]);
    assert_eq!(
        "0.x".parse::<TaskName>().unwrap_err().to_string(),
        "\"0.x\" is not the name of a task, such as 0.2.1"
    );
}

#[test]
fn a_divergence_is_data() {
    let mut replay = Replay::new("0,1".parse().unwrap());
    explored(&mut scenes::any_order(1), &mut replay, AMPLE.runs);
    assert_eq!(replay.divergence(), Some(&Divergence::Ended { made: 0, of: 2 }));
}
