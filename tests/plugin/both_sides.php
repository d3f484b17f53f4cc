<?php
/**
 * Print, as JSON, what the plugin makes of an app's link (first argument) and a report that it
 * signs, for the app's own code to read. Secret: the second argument.
 */

require __DIR__ . '/stubs.php';
require __DIR__ . '/clock.php';

use Rebasket\Outbox;
use Rebasket\Restore;
use Rebasket\Snapshot;
use Rebasket\Wire;

Lab::$now = 1795000000;
list( , $link, $secret ) = $argv;
WC()->cart->fill( array( array( 48, 49, 2 ), array( 12, 0, 1 ) ) );
$state = array(
	'cart_id'   => str_repeat( '0a', 16 ),
	'stage'     => 'checkout',
	'click_ref' => 'click-1',
	'email'     => 'anna@example.se',
	'country'   => 'NO',
	'consent'   => array( 'given' => null, 'wording' => 'Wörding', 'version' => '1', 'at' => '2026-11-22T15:40:44.123Z' ),
);
$body = wp_json_encode( Outbox::envelope( 'cart.changed', 7, Snapshot::data( WC()->cart, $state ) ) );
echo json_encode(
	array(
		'opened'    => Restore::open( $link, $secret, Lab::$now ),
		'body'      => $body,
		'signature' => Wire::signature( $secret, Lab::$now, $body ),
	)
);
