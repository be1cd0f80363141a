-- A module that is unloaded is not listed.
UNLOAD MODULE core;
SHOW FULL MODULES;
