//! kind, clusterctl and docker: plans, arguments, output.
