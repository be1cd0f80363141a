-- A module that is loaded again.
UNLOAD MODULE core;
LOAD MODULE core;
SHOW FULL MODULES;
