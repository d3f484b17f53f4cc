<?php
/** The connection, the wire and the outbox's way to the app. */

use Rebasket\App_Address;
use Rebasket\Connection;
use Rebasket\Outbox;
use Rebasket\Sender;
use Rebasket\Snapshot;
use Rebasket\Wire;

/** An outbox with so much news in it. */
function filled_outbox( int $count ): Memory_Outbox {
	$outbox = new Memory_Outbox();
	for ( $i = 0; $i < $count; $i++ ) {
		$outbox->add( 'cart.changed', 'c' . $i, array( 'cart_id' => 'c' . $i ) );
	}
	return $outbox;
}

function test_a_connection_is_taken_only_whole() {
	foreach ( array( 'shop' => 'short', 'secret' => str_repeat( 's', 44 ), 'app_url' => 'ftp://app.example', 'script_url' => 'https://evil.example/x.js', 'schema' => 2, 'consent' => 'x' ) as $key => $value ) {
		$connection = new Connection();
		same( $key, $connection->keep( connection_body( array( $key => $value ) ) ) );
		same( false, $connection->is_connected() );
		$body = connection_body();
		unset( $body[ $key ] );
		same( $key, $connection->keep( $body ), 'without ' . $key );
	}
	same( 'script_url', ( new Connection() )->keep( connection_body( array( 'script_url' => 'https://app.example.evil.example/x.js' ) ) ) );
	same( 'https://app.example/hooks/woocommerce/' . str_repeat( 'A', 22 ) . '/plugin', standing_connection()->hook_url() );
	same( 'https://app.example', App_Address::url(), 'the address is remembered for connecting again' );
}

function test_the_connect_address_carries_what_the_app_asks_for() {
	App_Address::keep( 'https://app.example/' );
	same( 'https://app.example/install/woocommerce/start?store=https%3A%2F%2Fshop.example%2F&email=a%2Bb%40shop.example&plugin=1.0.0&return=https%3A%2F%2Fshop.example%2Fadmin%3Fpage%3Drebasket', App_Address::connect_url( 'a+b@shop.example', 'https://shop.example/admin?page=rebasket' ) );
	foreach ( array( 'javascript:alert(1)', 'https://user@app.example', 'app.example', 'https://app.example/?x=1' ) as $bad ) {
		same( false, App_Address::keep( $bad ), $bad );
	}
}

function test_a_body_is_signed_as_the_wire_says() {
	same( 't=1795000000,v1=' . hash_hmac( 'sha256', '1795000000.{"a":1}', 'secret' ), Wire::signature( 'secret', 1795000000, '{"a":1}' ) );
	$connection = standing_connection();
	lab_sender( $connection, filled_outbox( 1 ) )->run();
	$post = Lab::$posts[0];
	same( $connection->hook_url(), $post['url'] );
	same( Wire::signature( str_repeat( 's', 43 ), Lab::$now, $post['body'] ), $post['headers']['X-Rebasket-Signature'] );
	same( array( 5, 0 ), array( $post['timeout'], $post['redirection'] ) );
}

function test_what_was_taken_is_dropped_and_what_failed_is_tried_again_with_the_same_id() {
	$outbox       = filled_outbox( 2 );
	$sender       = lab_sender( standing_connection(), $outbox );
	Lab::$answers = array( 202, 500 );
	same( 1, $sender->run() );
	same( 1, count( $outbox->rows ) );
	same( 0, $sender->run(), 'not due yet' );
	same( 2, count( Lab::$posts ) );
	Lab::$now += 15;
	same( 1, $sender->run() );
	same( array(), $outbox->rows );
	same( Lab::$posts[1]['body'], Lab::$posts[2]['body'] );
	same( false, Lab::$posts[1]['headers']['X-Rebasket-Signature'] === Lab::$posts[2]['headers']['X-Rebasket-Signature'], 'signed anew' );
}

function test_an_unreachable_app_is_left_alone_for_longer_and_longer() {
	$outbox = filled_outbox( 3 );
	$sender = lab_sender( standing_connection(), $outbox );
	foreach ( array( 15, 30, 60, 120 ) as $delay ) {
		Lab::$answers = array( 0 );
		$posts        = count( Lab::$posts );
		$sender->run( true );
		same( $posts + 1, count( Lab::$posts ), 'one try, not one per row' );
		same( Lab::$now + $delay, Lab::$options[ Sender::PAUSE_OPTION ]['until'] );
	}
	$sender->note_news();
	$sender->finish();
	same( $posts + 1, count( Lab::$posts ), 'pages do not even try while it rests' );
	same( 3, $sender->run( true ) );
	same( false, isset( Lab::$options[ Sender::PAUSE_OPTION ] ) );
	same( 900, Sender::delay( 50 ) );
}

function test_one_row_that_is_refused_does_not_hold_up_the_others() {
	$outbox       = filled_outbox( 3 );
	Lab::$answers = array( 422, 200, 200 );
	same( 2, lab_sender( standing_connection(), $outbox )->run() );
	same( 1, count( $outbox->rows ) );
}

function test_a_connection_that_is_over_keeps_the_rows_and_sends_no_more() {
	foreach ( array( 401, 410 ) as $status ) {
		$connection   = standing_connection();
		$outbox       = filled_outbox( 3 );
		$sender       = lab_sender( $connection, $outbox );
		$posts        = count( Lab::$posts );
		Lab::$answers = array( $status );
		$sender->run();
		$sender->run( true );
		same( $posts + 1, count( Lab::$posts ) );
		same( 3, count( $outbox->rows ) );
		same( true, ( new Connection() )->is_over() );
		same( '', $connection->keep( connection_body() ), 'connected anew' );
		same( 3, $sender->run() );
	}
}

function test_a_refusal_may_be_a_mistake_but_gone_is_gone() {
	$connection = standing_connection();
	$connection->end( 401 );
	same( array( false, true ), array( $connection->is_active(), $connection->is_listening() ) );
	Lab::$now += 8 * DAY_IN_SECONDS;
	same( false, $connection->is_listening(), 'not for ever' );
	$connection->revive();
	same( true, ( new Connection() )->is_active(), 'a poke proves that the app still wants news' );
	$connection->end( 410 );
	same( false, ( new Connection() )->is_listening() );
	$connection->forget();
	same( false, $connection->is_listening() );
}

function test_only_one_sender_works_at_a_time() {
	$lock       = new Memory_Lock();
	$lock->held = true;
	$outbox     = filled_outbox( 1 );
	$sender     = lab_sender( standing_connection(), $outbox, $lock );
	same( null, $sender->run() );
	$sender->note_news();
	$sender->finish();
	same( true, isset( Lab::$scheduled[ Sender::RUN_HOOK ] ), 'the background takes it up' );
	$lock->held = false;
	same( 1, $sender->run() );
	same( false, $lock->held );
}

function test_where_php_cannot_send_the_page_first_nothing_is_sent_in_the_page() {
	$outbox             = filled_outbox( 1 );
	$sender             = lab_sender( standing_connection(), $outbox );
	$sender->can_finish = false;
	$sender->finish();
	same( array(), Lab::$scheduled, 'no news, no event' );
	$sender->note_news();
	$sender->finish();
	same( array(), Lab::$posts );
	same( array( Sender::RUN_HOOK ), array_keys( Lab::$scheduled ) );
}

function test_a_report_has_exactly_the_fields_of_the_wire() {
	WC()->cart->fill( array( array( 48, 49, 2 ) ) );
	$data = Snapshot::data( WC()->cart, array( 'cart_id' => 'c' ) );
	$keys = static function ( array $values ) { $names = array_keys( $values ); sort( $names ); return $names; };
	same( array( 'cart_id', 'click_ref', 'coupons', 'currency', 'decimals', 'lines', 'session_alias', 'shopper', 'stage', 'total_minor', 'visitor_id' ), $keys( $data ) );
	same( array( 'attributes', 'image', 'key', 'name', 'product_id', 'quantity', 'sku', 'total_minor', 'url', 'variation_id' ), $keys( $data['lines'][0] ) );
	same( array( 'consent', 'country', 'customer_id', 'email', 'email_source', 'first_name', 'last_name', 'locale', 'phone' ), $keys( $data['shopper'] ) );
	same( '{}', json_encode( $data['lines'][0]['attributes'] ) );
	same( array( 2500, 2500 ), array( $data['total_minor'], $data['lines'][0]['total_minor'] ) );
	$envelope = Outbox::envelope( 'plugin.stopped', 1, new stdClass() );
	same( array( 'schema', 'event_id', 'type', 'changed_at', 'revision', 'data' ), array_keys( $envelope ) );
	same( 1, preg_match( '/\A[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z/', $envelope['event_id'] ) );
}

function test_amounts_are_rounded_half_to_even_in_the_shops_decimals() {
	foreach ( array( array( 62.375, 2, 6238 ), array( 62.385, 2, 6238 ), array( '49.90', 2, 4990 ), array( 1.005, 2, 100 ), array( '5025', 0, 5025 ), array( 4.375, 3, 4375 ), array( 0.1 + 0.2, 2, 30 ) ) as list( $amount, $decimals, $minor ) ) {
		same( $minor, Snapshot::minor( $amount, $decimals ), (string) $amount );
	}
}

function test_names_are_told_as_people_read_them() {
	WC()->cart->add_to_cart( 12, 1, 0, array( 'attribute_size' => '4&quot;2' ) );
	$items               = WC()->cart->get_cart();
	$key                 = key( $items );
	$items[ $key ]['data'] = new WC_Product( 12, array( 'name' => 'T&ocirc;te &amp; <b>bold</b>' ) );
	$cart                = new class( $items ) {
		private $items;
		public function __construct( array $items ) { $this->items = $items; }
		public function get_cart() { return $this->items; }
		public function get_applied_coupons() { return array( 7 => 'welcome10' ); }
		public function get_total( $context ) { return '12.5'; }
	};
	$data = Snapshot::data( $cart, array( 'cart_id' => 'c' ) );
	same( 'Tôte & bold', $data['lines'][0]['name'] );
	same( array( 'Size' => '4"2' ), $data['lines'][0]['attributes'] );
	same( array( 'welcome10' ), $data['coupons'] );
}
