#!/bin/sh
# guard.sh COMMAND...   runs a command as soon as its own input ends: as soon as whoever holds it open is no more.
read -r _
exec "$@"
