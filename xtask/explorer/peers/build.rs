//! Copies the explored files of the course, once with the explorer's std and once with shuttle in the place of std.

use std::path::Path;
use std::{env, fs};

/// The files that shuttle can play. It has no `Builder::spawn_scoped`, which the chapter deadlock uses.
const FILES: [&str; 5] = [
    "lock/src/check_then_act.rs",
    "lock/src/lost_update.rs",
    "lock/src/mutex.rs",
    "producer-consumer/src/bounded.rs",
    "turns/src/semaphores.rs",
];

fn main() {
    let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../lessons");
    let to = env::var("OUT_DIR").expect("cargo sets it");
    for (peer, library, print) in [
        ("explorer", "explorer::swapped", "explorer::println!"),
        ("shuttle", "shuttle", "crate::say!"),
    ] {
        let mut modules = String::new();
        for file in FILES {
            let path = lessons.join(file);
            println!("cargo::rerun-if-changed={}", path.display());
            let text = fs::read_to_string(&path).expect("the file is in the course");
            let text =
                text.replace("println!", print).replace("use std::", &format!("use {library}::"));
            let text = text.replace("use shared::Result;", "use crate::Result;");
            // A comment about the file as a whole can only be at its beginning.
            let text = text.replace("//!", "//");
            let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            modules += &format!("pub(crate) mod {name} {{\n{text}\n}}\n");
        }
        fs::write(Path::new(&to).join(format!("{peer}.rs")), modules).expect("the folder is ours");
    }
}
