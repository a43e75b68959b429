<?php
// The settings stand in config.json beside this file, written by roundcube.py.
$config = json_decode(file_get_contents(__DIR__ . '/config.json'), true);
