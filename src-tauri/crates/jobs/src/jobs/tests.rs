//! Do jobs keep their word, with a world of toys?

mod crash;
mod full_disk;
mod toy;
mod verbs;
mod viewers;
