<?php
/** The plugin's clock, which tests move. */

namespace Rebasket;

function time(): int {
	return \Lab::$now;
}
