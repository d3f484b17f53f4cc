<?php
/**
 * Run the tests of one file: every function whose name begins with test_. Prints one line of JSON:
 * {"passed": 12, "failed": {"test_name": "why"}}.
 */

require __DIR__ . '/stubs.php';
require __DIR__ . '/clock.php';
require __DIR__ . '/doubles.php';

set_error_handler(
	static function ( $level, $text, $file, $line ) {
		throw new ErrorException( $text, 0, $level, $file, $line );
	}
);

/**
 * Fail unless two values are the same.
 *
 * @param mixed  $expected What should be.
 * @param mixed  $actual   What is.
 * @param string $about    What it is about.
 */
function same( $expected, $actual, string $about = '' ): void {
	if ( $expected !== $actual ) {
		throw new RuntimeException( $about . ' expected ' . json_encode( $expected ) . ' but got ' . json_encode( $actual ) );
	}
}

require $argv[1];

$passed = 0;
$failed = array();
foreach ( get_defined_functions()['user'] as $name ) {
	if ( 0 !== strpos( $name, 'test_' ) ) {
		continue;
	}
	Lab::reset();
	try {
		$name();
		++$passed;
	} catch ( Throwable $problem ) {
		$failed[ $name ] = get_class( $problem ) . ': ' . $problem->getMessage() . ' at ' . basename( $problem->getFile() ) . ':' . $problem->getLine();
	}
}
echo json_encode( array( 'passed' => $passed, 'failed' => (object) $failed ) ), "\n";
