<?php
/** The address that is left at checkout, and what is reported of it. */

use Rebasket\Cart_Reporter;
use Rebasket\Cart_State;
use Rebasket\Checkout_Email;
use Rebasket\Consent;
use Rebasket\Own_Mail;

/** A shopper with one line in the cart leaves the address field. @return array<int,array<string,mixed>> */
function leave_field( Memory_Outbox $outbox, string $email, string $country, bool $ticked, string $version = '2026-11-1' ): array {
	Lab::$session_id = 't_guest';
	Lab::$hooks      = array();
	Lab::$did        = array( 'woocommerce_cart_loaded_from_session' => 1 );
	WC()->cart->fill( array( array( 12, 0, 1 ) ) );
	Cart_State::ensure_cart_id();
	$reporter = new Cart_Reporter( $outbox );
	$reporter->report();
	$outbox->take();
	( new Checkout_Email( standing_connection() ) )->take( $email, $version, $country, $ticked );
	$reporter->report();
	return $outbox->take();
}

function test_the_table_of_where_an_address_may_be_used() {
	$consent = new Consent( connection_body()['consent'] );
	$table   = array(
		// country, ticked, allowed, given.
		array( 'DE', false, false, false ),
		array( 'DE', true, true, true ),
		array( 'US', false, true, null ),
		array( 'US', true, true, true ),
		array( '', false, false, false ),
		array( '', true, true, true ),
	);
	foreach ( $table as list( $country, $ticked, $allowed, $given ) ) {
		same( $allowed, $consent->allows( '2026-11-1', $country, $ticked ), $country );
		same( $given, $consent->evidence( $country, $ticked, 'now' )['given'], $country );
		same( false, $consent->allows( '2025-1', $country, $ticked ), 'another wording' );
	}
	$open = new Consent( array( 'box_default' => false ) + connection_body()['consent'] );
	same( true, $open->allows( '2026-11-1', '', false ), 'unknown country, no box by default' );
}

function test_unclear_settings_become_the_strict_choice() {
	$consent = new Consent( array( 'wording' => '<b>Hi</b>', 'version' => '1', 'box_countries' => array( 'DE', 'se', 7, 'XXX' ), 'box_default' => 'no' ) );
	same( 'Hi', $consent->wording );
	same( array( 'DE' ), $consent->box_countries );
	same( true, $consent->box_default );
	same( false, ( new Consent( array() ) )->allows( '', 'US', true ), 'no wording, no address' );
}

function test_a_ticked_box_brings_the_address_with_its_evidence() {
	$news = leave_field( new Memory_Outbox(), 'anna@example.se', 'SE', true );
	same( 1, count( $news ) );
	$shopper = $news[0]['data']['shopper'];
	same( array( 'anna@example.se', 'checkout', 'SE' ), array( $shopper['email'], $shopper['email_source'], $shopper['country'] ) );
	same( array( true, 'Mail me about my cart.', '2026-11-1' ), array( $shopper['consent']['given'], $shopper['consent']['wording'], $shopper['consent']['version'] ) );
	same( 1, preg_match( '/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/', $shopper['consent']['at'] ) );
	same( 'checkout', $news[0]['data']['stage'] );
	same( null, $shopper['first_name'], 'no other field is read' );
}

function test_without_the_tick_a_strict_country_brings_no_address() {
	$news = leave_field( new Memory_Outbox(), 'anna@example.se', 'SE', false );
	same( null, $news[0]['data']['shopper']['email'] );
	same( null, $news[0]['data']['shopper']['consent'] );
	same( '', Cart_State::text( 'email' ), 'nor is it remembered' );
}

function test_unticking_withdraws_the_address() {
	$outbox = new Memory_Outbox();
	leave_field( $outbox, 'anna@example.se', 'SE', true );
	$news = leave_field( $outbox, '', 'SE', false );
	same( null, $news[0]['data']['shopper']['email'] );
	same( false, $news[0]['data']['shopper']['consent']['given'] );
}

function test_an_address_beside_another_wording_is_not_taken() {
	$news = leave_field( new Memory_Outbox(), 'anna@example.se', 'SE', true, '2025-1' );
	same( null, $news[0]['data']['shopper']['email'] );
	same( null, $news[0]['data']['shopper']['consent'] );
}

function test_what_is_no_address_is_not_taken() {
	$news = leave_field( new Memory_Outbox(), 'anna@', 'SE', true );
	same( null, $news[0]['data']['shopper']['email'] );
}

function test_the_same_address_left_again_tells_nothing_new() {
	$outbox = new Memory_Outbox();
	leave_field( $outbox, 'anna@example.se', 'SE', true );
	same( array(), leave_field( $outbox, 'anna@example.se', 'SE', true ) );
}

function test_one_cart_names_a_few_addresses_and_no_more() {
	$outbox = new Memory_Outbox();
	foreach ( range( 1, 9 ) as $n ) {
		$news = leave_field( $outbox, "victim$n@example.se", 'SE', true );
		same( $n <= 5 ? "victim$n@example.se" : null, $n <= 6 ? $news[0]['data']['shopper']['email'] : null, (string) $n );
	}
	same( 'victim2@example.se', leave_field( $outbox, 'victim2@example.se', 'SE', true )[0]['data']['shopper']['email'] );
}

function test_nothing_is_kept_for_a_visitor_without_a_cart() {
	Lab::$session_id = 't_none';
	( new Checkout_Email( standing_connection() ) )->take( 'anna@example.se', '2026-11-1', 'SE', true );
	same( array(), Lab::$sessions );
}

function test_a_session_that_was_copied_by_a_link_leaves_the_address_behind() {
	$outbox = new Memory_Outbox();
	leave_field( $outbox, 'anna@example.se', 'SE', true );
	Lab::$sessions['t_copy'] = Lab::$sessions['t_guest'];
	Lab::$session_id         = 't_copy';
	$reporter                = new Cart_Reporter( $outbox );
	$reporter->report();
	same( array(), $outbox->take(), 'opening the link tells nothing' );
	same( '', Cart_State::text( 'email' ) );
	WC()->cart->fill( array( array( 12, 0, 2 ) ) );
	$reporter->report();
	$news = $outbox->take();
	same( null, $news[0]['data']['shopper']['email'] );
	same( Lab::$sessions['t_guest']['rebasket']['cart_id'], $news[0]['data']['cart_id'] );
}

function test_rebasket_steps_back_for_woocommerces_own_mail_until_the_merchant_chooses() {
	$mail = new Own_Mail();
	same( false, $mail->stands_in_the_way() );
	Lab::$options[ Own_Mail::FEATURE_OPTION ]  = 'yes';
	Lab::$options[ Own_Mail::SETTINGS_OPTION ] = array( 'enabled' => 'yes', 'automated' => 'no' );
	same( false, $mail->stands_in_the_way(), 'sent by hand only' );
	Lab::$options[ Own_Mail::SETTINGS_OPTION ]['automated'] = 'yes';
	same( true, $mail->stands_in_the_way() );
	standing_connection();
	same( false, $mail->suppress( false ) );
	$mail->choose( 'nonsense' );
	same( true, $mail->stands_in_the_way() );
	$mail->choose( 'rebasket' );
	same( false, $mail->stands_in_the_way() );
	same( true, $mail->suppress( false ), 'WooCommerce holds back' );
	$mail->choose( 'woocommerce' );
	same( true, $mail->stands_in_the_way() );
}
