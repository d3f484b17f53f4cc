<?php
/** Mailed links that bring a cart back. */

use Rebasket\Cart_Reporter;
use Rebasket\Cart_State;
use Rebasket\Landing;
use Rebasket\Restore;

/** A link as the app signs it. */
function signed_link( array $lines, array $changes = array(), string $secret = '' ): string {
	$link    = $changes + array( 'v' => 1, 'c' => 'click-1', 'l' => $lines, 'e' => Lab::$now + 900 );
	$payload = rtrim( strtr( base64_encode( json_encode( $link ) ), '+/', '-_' ), '=' );
	return $payload . '.' . hash_hmac( 'sha256', $payload, $secret ? $secret : str_repeat( 's', 43 ) );
}

/** Follow a link with these lines in the cart already. */
function follow( string $link, array $there = array() ): void {
	Lab::$session_id = 't_visitor';
	Lab::$did        = array( 'woocommerce_cart_loaded_from_session' => 1 );
	foreach ( array( 12, 22, 49 ) as $id ) {
		Lab::$products[ $id ] = Lab::$products[ $id ] ?? new WC_Product( $id );
	}
	WC()->cart->fill( $there );
	( new Restore( standing_connection() ) )->restore( $link );
}

function test_lines_come_back_and_the_larger_quantity_stays() {
	follow( signed_link( array( array( 12, 0, 3 ), array( 48, 49, 1 ), array( 22, 0, 2 ) ) ), array( array( 12, 0, 1 ), array( 22, 0, 5 ) ) );
	same( array( array( 12, 0, 3 ), array( 22, 0, 5 ), array( 48, 49, 1 ) ), WC()->cart->lines() );
	same( array(), Lab::$notices );
	same( 'click-1', Cart_State::text( 'click_ref' ) );
}

function test_what_cannot_be_bought_is_skipped_and_said() {
	Lab::$products[12] = new WC_Product( 12, array( 'in_stock' => false, 'name' => 'Cap <b>x</b>' ) );
	Lab::$products[22] = new WC_Product( 22, array( 'most' => 2, 'name' => 'Candle' ) );
	Lab::$products[49] = new WC_Product( 49, array( 'status' => 'draft', 'name' => 'Hidden' ) );
	follow( signed_link( array( array( 12, 0, 1 ), array( 22, 0, 9 ), array( 48, 49, 1 ), array( 999, 0, 1 ) ) ) );
	same( array( array( 22, 0, 2 ) ), WC()->cart->lines() );
	same( 4, count( Lab::$notices ) );
	same( 1, count( preg_grep( '/Cap x is no longer/', Lab::$notices ) ) );
	same( 1, count( preg_grep( '/fewer of Candle/', Lab::$notices ) ) );
	same( 0, count( preg_grep( '/Hidden/', Lab::$notices ) ), 'a draft is not named' );
}

function test_a_forged_damaged_or_expired_link_changes_nothing() {
	$good = signed_link( array( array( 12, 0, 1 ) ) );
	$bad  = array(
		'expired'        => signed_link( array( array( 12, 0, 1 ) ), array( 'e' => Lab::$now - 1 ) ),
		'another secret' => signed_link( array( array( 12, 0, 1 ) ), array(), str_repeat( 'x', 43 ) ),
		'another payload' => signed_link( array( array( 22, 0, 1 ) ) ) . substr( $good, -64 ),
		'upper case'     => strtoupper( $good ),
		'cut'            => substr( $good, 0, -1 ),
		'line end'       => $good . "\n",
		'empty'          => '',
		'no dot'         => str_replace( '.', '', $good ),
		'version'        => signed_link( array(), array( 'v' => 2 ) ),
		'click'          => signed_link( array(), array( 'c' => '<script>' ) ),
		'expiry as text' => signed_link( array(), array( 'e' => '9999999999' ) ),
	);
	foreach ( $bad as $about => $link ) {
		Lab::$notices = array();
		follow( $link, array( array( 22, 0, 1 ) ) );
		same( array( array( 22, 0, 1 ) ), WC()->cart->lines(), $about );
		same( 1, count( Lab::$notices ), $about );
		same( '', Cart_State::text( 'click_ref' ), $about );
	}
	$opened = array();
	foreach ( str_split( '0123456789abcdef' ) as $digit ) {
		$opened[] = Restore::open( substr( $good, 0, -1 ) . $digit, str_repeat( 's', 43 ), Lab::$now );
	}
	same( 1, count( array_filter( $opened ) ), 'one last digit of sixteen' );
	same( null, Restore::open( $good, '', Lab::$now ), 'a missing secret is a wrong one' );
}

function test_lines_that_are_no_lines_are_left_out() {
	$link = Restore::open( signed_link( array( array( 12, 0, 1 ), array( '12', 0, 1 ), array( 12 ), 'x', array( 1, 2, 3, 4 ) ) ), str_repeat( 's', 43 ), Lab::$now );
	same( array( array( 12, 0, 1 ) ), $link['l'] );
	$many = Restore::open( signed_link( array_fill( 0, 150, array( 12, 0, 1 ) ) ), str_repeat( 's', 43 ), Lab::$now );
	same( 100, count( $many['l'] ) );
}

function test_a_scanner_that_only_fetches_the_link_reports_nothing() {
	$outbox   = new Memory_Outbox();
	$reporter = new Cart_Reporter( $outbox );
	follow( signed_link( array( array( 12, 0, 1 ) ) ) );
	$reporter->report();
	$reporter->report();
	same( array(), $outbox->take() );
}

function test_the_landing_page_reports_the_link_once_and_releases_the_cart() {
	$outbox   = new Memory_Outbox();
	$reporter = new Cart_Reporter( $outbox );
	follow( signed_link( array( array( 12, 0, 1 ) ) ) );
	$landing = new Landing( $outbox );
	$landing->report();
	$landing->report();
	$reporter->report();
	$news = $outbox->take();
	same( array( 'link.followed', 'cart.changed' ), array_column( $news, 'type' ) );
	same( 'click-1', $news[0]['data']['click_ref'] );
	same( $news[1]['data']['cart_id'], $news[0]['data']['cart_id'] );
	same( 'click-1', $news[1]['data']['click_ref'] );
}

function test_a_cart_that_was_there_before_is_reported_at_once() {
	$outbox   = new Memory_Outbox();
	$reporter = new Cart_Reporter( $outbox );
	follow( signed_link( array( array( 12, 0, 1 ) ) ), array( array( 22, 0, 1 ) ) );
	$reporter->report();
	same( array( 'cart.changed' ), array_column( $outbox->take(), 'type' ) );
}

function test_the_link_is_written_into_the_order() {
	follow( signed_link( array( array( 12, 0, 1 ) ) ) );
	$order = new WC_Order( 7 );
	( new Cart_Reporter( new Memory_Outbox() ) )->stamp_stored_order( $order );
	same( array( '_rebasket_cart_id' => Cart_State::cart_id(), '_rebasket_click' => 'click-1' ), $order->meta );
}
