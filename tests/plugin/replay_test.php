<?php
/** Recorded hooks in, reports out. */

require __DIR__ . '/replay.php';

const SECOND = 'more/php-hooks/hooks-by-flow.jsonl';

/** Flows of the second recording whose name begins so, in their order. @return string[] */
function flows_of( string $beginning ): array {
	$names = array();
	foreach ( Replay::requests( SECOND ) as $request ) {
		if ( 0 === strpos( $request[0]['flow'], $beginning ) ) {
			$names[ $request[0]['flow'] ] = true;
		}
	}
	return array_keys( $names );
}

/** Replay flows and say what each reported, in short. @return array<int,string[]> */
function told( array $flows ): array {
	return array_map( 'in_short', array_values( ( new Replay() )->flows( SECOND, $flows ) ) );
}

function test_a_classic_cart_is_reported_once_per_change() {
	$reports = ( new Replay() )->flows( SECOND, flows_of( 'c0' ) );
	same( array( 'cart 12/0x2' ), in_short( $reports['c01 classic: ajax add'] ) );
	same( array( 'cart 12/0x3' ), in_short( $reports['c02 classic: ajax add same product again'] ) );
	same( array( 'cart 12/0x3 22/0x1' ), in_short( $reports['c03 classic: product form POST simple'] ) );
	same( array( 'cart 12/0x3 22/0x1 48/49x1' ), in_short( $reports['c04 classic: product form POST variation'] ) );
	same( array(), in_short( $reports['c05 classic: cart page GET'] ), 'a page view' );
	same( 1, count( $reports['c06 classic: quantity update on cart page'] ) );
	same( 1, count( $reports['c07 classic: quantity 0 on cart page (= remove)'] ) );
	same( 1, count( $reports['c08 classic: coupon on cart page'] ) );
	$all = array_merge( ...array_values( $reports ) );
	same( range( 1, count( $all ) ), array_column( $all, 'revision' ), 'revisions' );
	same( 1, count( array_unique( array_column( array_column( $all, 'data' ), 'cart_id' ) ) ), 'one cart id' );
	same( 1, preg_match( '/\A[0-9a-f]{32}\z/', $all[0]['data']['cart_id'] ) );
}

function test_removing_and_undoing_on_the_classic_cart_page_is_reported() {
	$told = told( array( 'u0 classic undo: prepare', 'u1 classic undo: remove link', 'u2 classic undo: undo link' ) );
	same( 'cart 12/0x2 22/0x1', end( $told[0] ) );
	same( array( 'cart 22/0x1' ), $told[1] );
	same( array( 'cart 22/0x1 12/0x2' ), $told[2] );
}

function test_a_block_cart_is_reported_once_per_change() {
	$reports = ( new Replay() )->flows( SECOND, flows_of( 'b0' ) );
	foreach ( $reports as $flow => $news ) {
		same( 'b08 block: DELETE all items' === $flow ? 2 : 1, count( $news ), $flow );
	}
	same( array( 'cart empty' ), in_short( $reports['b07 block: remove last item'] ) );
	same( 'cart empty', in_short( $reports['b08 block: DELETE all items'] )[1] );
}

function test_a_visitor_without_a_cart_is_never_reported() {
	same( array( array(), array() ), told( array( 'c16 page view with an empty session cart', 'c17 page view, brand-new visitor' ) ) );
	same( array(), Lab::$sessions, 'nothing is put into a session' );
}

function test_a_block_purchase_is_an_order_and_no_emptied_cart() {
	$flows = array( 'b09 block: batch add two', 'o02 block: place order cod', 'o03 block: thank-you' );
	$told  = told( $flows );
	same( array( 'order processing with cart' ), array_slice( $told[1], -1 ) );
	same( array(), $told[2], 'thank-you page' );
	same( 0, count( preg_grep( '/empty/', array_merge( ...$told ) ) ) );
}

function test_a_classic_purchase_is_an_order_and_no_emptied_cart() {
	$told = told( flows_of( 'o10' ) );
	same( 'checkout 12/0x1 22/0x1', end( $told[0] ), 'at checkout' );
	same( array(), $told[1], 'the form alone changes nothing' );
	same( array( 'order processing with cart' ), $told[2] );
	same( array(), $told[3], 'thank-you page' );
}

function test_a_purchase_that_makes_an_account_keeps_the_guests_cart() {
	$all    = array_merge( ...array_values( ( new Replay() )->flows( SECOND, flows_of( 'o11' ) ) ) );
	$orders = array_values( array_filter( $all, static function ( $one ) { return 'order.placed' === $one['type']; } ) );
	same( 1, count( $orders ) );
	same( $all[0]['data']['cart_id'], $orders[0]['data']['cart_id'] );
	same( 0, count( preg_grep( '/empty/', in_short( $all ) ) ) );
	$told = array_merge( ...told( array( 'o04 block: place order with create_account' ) ) );
	same( 1, count( preg_grep( '/order processing with cart/', $told ) ) );
	same( 0, count( preg_grep( '/empty/', $told ) ) );
}

function test_a_declined_payment_reports_the_failed_order_and_keeps_the_cart() {
	$told = told( flows_of( 'o12' ) );
	same( 'order failed with cart', $told[2][ count( $told[2] ) - 1 ] );
	same( 0, count( preg_grep( '/empty/', array_merge( ...$told ) ) ) );
	same( 1, count( array_filter( Lab::$sessions, static function ( $session ) { return isset( $session['rebasket']['cart_id'] ); } ) ), 'the cart is still known' );
}

function test_a_redirect_payment_left_pending_holds_the_cart_until_it_is_cancelled() {
	$told = told( array( 'o05 block: redirect gateway, pending', 'o06 block: cart after redirect gateway left pending', 'o07 customer cancels at gateway' ) );
	same( array( 'cart 12/0x1', 'order pending with cart' ), $told[0] );
	same( array(), $told[1] );
	same( array( 'order cancelled with cart' ), $told[2] );
}

function test_logging_out_is_not_reported_as_emptied() {
	$told = told( array( 'l06 adds again, then logs out', 'l07 logout', 'l08 page after logout' ) );
	same( true, count( $told[0] ) > 0 );
	same( array(), $told[1] );
	same( array(), $told[2] );
}

function test_logging_in_joins_the_guests_cart_with_the_saved_one() {
	$reports = ( new Replay() )->flows( SECOND, array( 'l00 prepare user cart', 'l01 guest adds', 'l02 login POST with guest cart (user has another saved cart)', 'l03 first page after login (merge)', 'l04 GET Store API cart after login' ) );
	$saved   = end( $reports['l00 prepare user cart'] )['data']['cart_id'];
	$guests  = end( $reports['l01 guest adds'] )['data']['cart_id'];
	same( array(), $reports['l02 login POST with guest cart (user has another saved cart)'] );
	$merge = $reports['l03 first page after login (merge)'];
	same( array( 'cart empty', 'cart 38/0x1 12/0x2' ), in_short( $merge ) );
	same( array( $saved, $guests ), array_column( array_column( $merge, 'data' ), 'cart_id' ) );
	same( 2, $merge[1]['data']['shopper']['customer_id'] );
	same( 'account', $merge[1]['data']['shopper']['email_source'] );
	same( array(), $reports['l04 GET Store API cart after login'] );
	same( $guests, Lab::$user_meta[2]['_rebasket_cart'] );
}

function test_registering_keeps_the_cart() {
	$reports = ( new Replay() )->flows( SECOND, array( 'l09 guest with cart registers on my-account', 'l10 register POST' ) );
	$ids     = array_unique( array_column( array_column( array_merge( ...array_values( $reports ) ), 'data' ), 'cart_id' ) );
	same( 1, count( $ids ) );
}

function test_typing_an_address_alone_reports_no_address() {
	$reports = ( new Replay() )->flows( SECOND, array( 'p block browser: product page add to cart', 'p block browser: checkout page', 'p block browser: type e-mail, no blur, wait 4 s', 'p block browser: correct the e-mail', 'u4 classic checkout typed e-mail with update_order_review twice' ) );
	foreach ( array_merge( ...array_values( $reports ) ) as $one ) {
		same( null, $one['data']['shopper']['email'] );
	}
	same( array(), $reports['p block browser: type e-mail, no blur, wait 4 s'] );
}

function test_no_recorded_flow_breaks_a_handler_and_no_purchase_is_an_emptied_cart() {
	$replay   = new Replay();
	$requests = 0;
	foreach ( Replay::requests( SECOND ) as $request ) {
		$replay->request( $request );
		++$requests;
		$hooks = array_column( $request, 'hook' );
		$told  = implode( ' ', in_short( $replay->outbox->take() ) );
		if ( array_intersect( $hooks, array( 'woocommerce_thankyou', 'wp_logout' ) ) ) {
			same( false, strpos( $told, 'empty' ), $request[0]['flow'] );
		}
		if ( in_array( 'woocommerce_store_api_checkout_order_processed', $hooks, true ) || in_array( 'woocommerce_checkout_order_processed', $hooks, true ) ) {
			same( 1, substr_count( $told, 'order ' ), $request[0]['flow'] );
			same( false, strpos( $told, 'empty' ), $request[0]['flow'] );
		}
	}
	same( true, $requests > 180, $requests . ' requests' );
}

function test_the_first_recording_ends_in_one_order_per_checkout() {
	$replay = new Replay();
	$orders = array();
	foreach ( Replay::requests( 'php-hooks/hooks-by-flow.jsonl' ) as $request ) {
		$replay->request( $request );
		$orders = array_merge( $orders, preg_grep( '/order/', in_short( $replay->outbox->take() ) ) );
	}
	same( 2, count( $orders ), implode( ', ', $orders ) );
}
