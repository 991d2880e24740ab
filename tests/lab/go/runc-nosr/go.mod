module kos.dev/lab/runc-nosr
go 1.26.0
