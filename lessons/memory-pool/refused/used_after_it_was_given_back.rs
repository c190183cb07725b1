// error[E0382]
// A pool of boxes: to give a buffer back is to move it. The next user of the same memory cannot be disturbed, because
// the old variable is gone. A handle that is copied has no such protection, and needs a generation.

fn main() {
    let mut kept: Vec<Box<[u8]>> = Vec::new();
    let buffer = vec![0; 4096].into_boxed_slice();
    kept.push(buffer);
    println!("{}", buffer[0]);
}
