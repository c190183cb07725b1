//! The toy programs of these tests, modelled on scenes of the course.

use crate::law::Law;
use crate::toy::Op::{self, *};
use crate::toy::Toy;

/// Two forks in a row, and four processes that tell of it.
pub(crate) fn fork_twice() -> Toy {
    let a = [
        Say("{me} start"),
        Spawn(1),
        Say("{me} forked {child}"),
        Spawn(3),
        Say("{me} forked {child}"),
        JoinAll,
        Say("{me} done"),
    ];
    let b = [
        Say("{me} child of {parent}"),
        Spawn(2),
        Say("{me} forked {child}"),
        JoinAll,
        Say("{me} done"),
    ];
    let leaf = [Say("{me} child of {parent}")];
    Toy::new(&[&a, &b, &leaf, &leaf], Law::default())
}

/// Up to six children, each of which says one line, and a parent that waits for them.
pub(crate) fn any_order(children: usize) -> Toy {
    const LINES: [&str; 6] = ["one", "two", "three", "four", "five", "six"];
    let mut main: Vec<Op> = (1..=children).map(Spawn).collect();
    main.extend([JoinAll, Say("all")]);
    let mut scripts = vec![main];
    scripts.extend(LINES[..children].iter().map(|&line| vec![Say(line)]));
    Toy { scripts, law: Law::default(), births: true, runs: 0 }
}

/// Three writers, each with two lines in a critical section.
pub(crate) fn rlock() -> Toy {
    let main = [Spawn(1), Spawn(2), Spawn(3), JoinAll, Say("main")];
    let writer = |dear, yours| [Lock(0), Say(dear), Say(yours), Unlock(0)];
    let writers =
        [writer("1 dear", "1 yours"), writer("2 dear", "2 yours"), writer("3 dear", "3 yours")];
    Toy::new(&[&main, &writers[0], &writers[1], &writers[2]], Law::default())
}

/// Three runners, three rounds, and a barrier after each round.
pub(crate) fn barrier() -> Toy {
    let main = [Spawn(1), Spawn(2), Spawn(3)];
    let runner =
        |one, two, three| [Say(one), Meet(0, 3), Say(two), Meet(1, 3), Say(three), Meet(2, 3)];
    let runners = [runner("a1", "a2", "a3"), runner("b1", "b2", "b3"), runner("c1", "c2", "c3")];
    Toy::new(&[&main, &runners[0], &runners[1], &runners[2]], Law::default())
}

/// Two threads that add one to a cell, without a lock.
pub(crate) fn lost_update() -> Toy {
    let main = [Spawn(1), Spawn(1), JoinAll, Load(0), Say("the cell is {value}")];
    let add = [Load(0), StoreNext(0)];
    Toy::new(&[&main, &add, &add], Law::default()).without_births()
}

/// Two threads that take two locks in opposite order.
pub(crate) fn deadlock() -> Toy {
    let main = [Spawn(1), Spawn(2)];
    let first = [Lock(0), Lock(1), Say("first"), Unlock(1), Unlock(0)];
    let second = [Lock(1), Lock(0), Say("second"), Unlock(0), Unlock(1)];
    Toy::new(&[&main, &first, &second], Law::default()).without_births()
}

/// A main that polls until its child has set an event.
pub(crate) fn poll() -> Toy {
    let main = [Spawn(1), PollUntil(0), Say("seen")];
    let child = [Say("set"), Set(0), Say("bye")];
    Toy::new(&[&main, &child], Law::default())
}

/// Two tasks with three lines each.
pub(crate) fn two_talkers() -> Toy {
    let main = [Spawn(1), Spawn(2)];
    let (one, two) = ([Say("a1"), Say("a2"), Say("a3")], [Say("b1"), Say("b2"), Say("b3")]);
    Toy::new(&[&main, &one, &two], Law::default()).without_births()
}

/// A program that keeps its order, and a mutant of it that acts before it tells.
pub(crate) struct Pair {
    pub(crate) name: &'static str,
    pub(crate) kept: Toy,
    pub(crate) broken: Toy,
}

/// One of each kind of mistake. Two bystanders print lines meanwhile.
pub(crate) fn mutants() -> Vec<Pair> {
    let toy = |main: &[Op], one: &[Op], two: &[Op], law: &Law| {
        let bystander = [Say("bystander"), Say("bystander"), Say("bystander")];
        let mut first = vec![Spawn(3), Spawn(3)];
        first.extend(main);
        Toy::new(&[&first, one, two, &bystander], law.clone())
    };
    let mut pairs = Vec::new();

    let law = Law::new(&["sent", "got it"], &[(0, 1)]);
    let main = [Spawn(1), Receive(0), Say("got it"), JoinAll];
    pairs.push(Pair {
        name: "sends before its line",
        kept: toy(&main, &[Say("sent"), Send(0)], &[], &law),
        broken: toy(&main, &[Send(0), Say("sent")], &[], &law),
    });

    let law = Law::new(&["ready", "sees it"], &[(0, 1)]);
    let main = [Spawn(1), Say("ready"), Set(0), JoinAll];
    pairs.push(Pair {
        name: "sets before its line",
        kept: toy(&main, &[Wait(0), Say("sees it")], &[], &law),
        broken: toy(
            &[Spawn(1), Set(0), Say("ready"), JoinAll],
            &[Wait(0), Say("sees it")],
            &[],
            &law,
        ),
    });

    let alone = |lines: &[String]| {
        let count = |what: &str| lines.iter().filter(|line| *line == what).count();
        count("enters") <= count("leaves") + 1
    };
    let law = Law::new(&["enters", "leaves", "enters", "leaves"], &[]).always(alone);
    let kept = [Lock(0), Say("enters"), Say("leaves"), Unlock(0)];
    let broken = [Lock(0), Say("enters"), Unlock(0), Say("leaves")];
    let main = [Spawn(1), Spawn(2), JoinAll];
    pairs.push(Pair {
        name: "releases before its line",
        kept: toy(&main, &kept, &kept, &law),
        broken: toy(&main, &broken, &broken, &law),
    });

    let law = Law::new(&["works", "has ended"], &[(0, 1)]);
    pairs.push(Pair {
        name: "does not wait",
        kept: toy(&[Spawn(1), JoinAll, Say("has ended")], &[Say("works")], &[], &law),
        broken: toy(&[Spawn(1), Say("has ended"), JoinAll], &[Say("works")], &[], &law),
    });
    pairs
}
