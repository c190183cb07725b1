// error[E0499]
// Two generators in Python may append to one list. Two iterators here may not both keep a right to
// write to it: while one is put aside, nobody could say what the other does to its data.

fn act<'a>(name: &'a str, programme: &'a mut Vec<String>) -> impl Iterator<Item = ()> {
    (1..=3).map(move |line| programme.push(format!("{name} {line}")))
}

fn main() {
    let mut programme = Vec::new();
    let mut sing = act("sing", &mut programme);
    let mut dance = act("dance", &mut programme);
    while sing.next().is_some() && dance.next().is_some() {}
}
