<?php
/**
 * Print, one per line, syntax that PHP 7.4 does not know, found in the files named.
 */

$unknown = array( T_MATCH, T_NULLSAFE_OBJECT_OPERATOR, T_ATTRIBUTE );
foreach ( array( 'T_ENUM', 'T_READONLY' ) as $name ) {
	if ( defined( $name ) ) {
		$unknown[] = constant( $name );
	}
}
foreach ( array_slice( $argv, 1 ) as $file ) {
	$source = file_get_contents( $file );
	foreach ( token_get_all( $source ) as $token ) {
		if ( is_array( $token ) && in_array( $token[0], $unknown, true ) ) {
			echo basename( $file ), ':', $token[2], ' ', $token[1], "\n";
		}
	}
	$patterns = array(
		'promoted property' => '/function __construct\s*\([^)]*\b(?:public|private|protected)\b/',
		'union type'        => '/function \w+\s*\([^)]*\b\w+\|\w+\s+\$|\)\s*:\s*\??\w+\|\w+/',
		'PHP 8 type'        => '/[(,:]\s*\??(?:mixed|static|never|true)\s*(?:\$|\{|;)/',
		'PHP 8 function'    => '/\b(?:str_contains|str_starts_with|str_ends_with|array_is_list|get_debug_type|array_find|array_any)\s*\(/',
		'trailing comma in parameters' => '/function \w*\s*\([^)]*,\s*\)/',
		'implicit null'     => '/[(,]\s*(?!\?)[\\\\\w]+ \$\w+ = null/',
	);
	foreach ( $patterns as $name => $pattern ) {
		if ( preg_match( $pattern, $source, $found ) ) {
			echo basename( $file ), ': ', $name, ' ', trim( $found[0] ), "\n";
		}
	}
}
