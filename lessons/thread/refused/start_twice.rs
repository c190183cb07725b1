// error[E0382]
// Python finds out at run time: "threads can only be started once". Here `start` takes the struct,
// so nothing is left to start again.

use std::thread::{self, JoinHandle};

struct Greeting(String);

impl Greeting {
    fn start(self) -> JoinHandle<()> {
        thread::spawn(move || println!("{}", self.0))
    }
}

fn main() {
    let greeting = Greeting("hello".to_owned());
    greeting.start().join().unwrap();
    greeting.start().join().unwrap();
}
