// error[E0499]
// In Python, two generators may append to one list. In Rust, two iterators may not both keep the right to write to it:
// while one is paused, the other could change its data.

fn act<'a>(name: &'a str, programme: &'a mut Vec<String>) -> impl Iterator<Item = ()> {
    (1..=3).map(move |line| programme.push(format!("{name} {line}")))
}

fn main() {
    let mut programme = Vec::new();
    let mut sing = act("sing", &mut programme);
    let mut dance = act("dance", &mut programme);
    while sing.next().is_some() && dance.next().is_some() {}
}
