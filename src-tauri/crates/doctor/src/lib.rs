//! What does this machine lack for local clusters?.
