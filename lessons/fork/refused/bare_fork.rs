// error[E0133]
// Python lets you call os.fork() while other threads run, and the child may hang. That is why nix marks its fork as
// unsafe: the caller has to make sure that there are no other threads. shared::fork checks that.

fn main() {
    let _ = nix::unistd::fork();
}
