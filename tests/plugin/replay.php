<?php
/**
 * Replay hooks that were recorded in a real WooCommerce through the plugin's own handlers.
 */

use Rebasket\Cart_Reporter;
use Rebasket\Order_Reporter;

/** Requests of a recording, put through the handlers one by one. */
final class Replay {
	/** @var Memory_Outbox */ public $outbox;
	/** @var string[] Hooks that a recording shows where we must not wait for them. */
	const NOT_FIRED = array( 'wp_logout' );

	public function __construct() {
		$this->outbox = new Memory_Outbox();
		standing_connection();
	}

	/** Replay flows of a recording; what was reported, by flow. @return array<string,array<int,array<string,mixed>>> */
	public function flows( string $file, array $wanted ): array {
		$reports = array();
		foreach ( self::requests( $file ) as $request ) {
			$flow = $request[0]['flow'];
			if ( in_array( $flow, $wanted, true ) ) {
				$this->request( $request );
				$reports[ $flow ] = array_merge( $reports[ $flow ] ?? array(), $this->outbox->take() );
			}
		}
		same( $wanted, array_keys( $reports ), 'flows replayed' );
		return $reports;
	}

	/** Every request of a recording. @return iterable<array<int,array<string,mixed>>> */
	public static function requests( string $file ): iterable {
		$request = array();
		$seen    = array();
		foreach ( file( dirname( __DIR__ ) . '/fixtures/woocommerce/' . $file ) as $line ) {
			$record = json_decode( $line, true );
			$last   = end( $request );
			$again  = ( $record['seq_in_request'] ?? 0 ) === 1 && isset( $seen[ $record['hook'] ] );
			$again  = $again || ( ! isset( $record['seq_in_request'] ) && 'woocommerce_cart_loaded_from_session' === $record['hook'] );
			if ( $last && ( $again || $last['flow'] !== $record['flow'] || $last['uri'] !== $record['uri'] ) ) {
				yield $request;
				$request = array();
				$seen    = array();
			}
			$request[]               = $record;
			$seen[ $record['hook'] ] = true;
		}
		yield $request;
	}

	/** One request from its first hook to its shutdown, by fresh handlers as in a fresh PHP process. */
	public function request( array $records ): void {
		Lab::$hooks = Lab::$did = array();
		( new Cart_Reporter( $this->outbox ) )->hook();
		( new Order_Reporter( $this->outbox ) )->hook();
		$uri                 = $records[0]['uri'];
		Lab::$page           = strpos( $uri, 'order-received' ) ? 'thank-you' : ( preg_match( '#^GET /(classic-)?checkout/#', $uri ) ? 'checkout' : '' );
		Lab::$session_id     = $records[0]['session_id'];
		Lab::$user           = (int) ( $records[0]['user_id'] ?? 0 );
		$hooks               = array_column( $records, 'hook' );
		WC()->cart->coupons  = array();
		if ( 0 === strpos( $uri, 'GET' ) && false === strpos( $uri, 'wp-json' ) ) {
			do_action( 'template_redirect' );
		}
		foreach ( $records as $record ) {
			if ( 'woocommerce_before_cart_emptied' === $record['hook'] && in_array( 'wp_logout', $hooks, true ) ) {
				do_action( 'wp_logout' ); // The recorder listened after WooCommerce, we listen before it.
			}
			$this->fire( $record );
		}
		do_action( 'shutdown' );
	}

	/** One hook, with the session, user and cart of that moment. */
	private function fire( array $record ): void {
		if ( 'woocommerce_guest_session_to_user_id' === $record['hook'] ) {
			list( $guest, $user )    = $record['args'];
			Lab::$sessions[ $user ] = Lab::$sessions[ $guest ] ?? array();
			unset( Lab::$sessions[ $guest ] );
		}
		Lab::$session_id = $record['session_id'];
		Lab::$user       = (int) ( $record['user_id'] ?? 0 );
		WC()->cart->fill( $record['cart'] );
		WC()->cart->coupons = $record['applied_coupons'] ?? array();
		if ( in_array( $record['hook'], self::NOT_FIRED, true ) ) {
			Lab::$sessions[ Lab::$session_id ] = array();
			return;
		}
		do_action( $record['hook'], ...array_map( array( $this, 'argument' ), $record['args'], array_keys( $record['args'] ), array_fill( 0, count( $record['args'] ), $record['hook'] ) ) );
	}

	/** An argument as the hook gave it: orders become objects again. */
	private function argument( $value, int $place, string $hook ) {
		if ( is_int( $value ) && 0 === $place && preg_match( '/order_(status_changed|processed)|new_order/', $hook ) ) {
			$this->order( $value );
		}
		if ( is_string( $value ) && preg_match( '/Order#(\d+)$/', $value, $found ) ) {
			return $this->order( (int) $found[1] );
		}
		if ( 2 === $place && 'woocommerce_order_status_changed' === $hook ) {
			end( Lab::$orders )->status = $value;
		}
		return $value;
	}

	/** The order of that id; id 0 is the classic checkout's, before it is stored. */
	private function order( int $id ): WC_Order {
		if ( $id > 0 && isset( Lab::$orders[0] ) ) {
			Lab::$orders[ $id ]     = Lab::$orders[0];
			Lab::$orders[ $id ]->id = $id;
			unset( Lab::$orders[0] );
		}
		return Lab::$orders[ $id ] = Lab::$orders[ $id ] ?? new WC_Order( $id );
	}
}

/** Reports in short: type, cart or order status, lines as "product/variation x quantity". @return string[] */
function in_short( array $news ): array {
	return array_map(
		static function ( $one ) {
			if ( 'order.placed' === $one['type'] ) {
				return 'order ' . $one['data']['order']['status'] . ( $one['data']['cart_id'] ? ' with cart' : '' );
			}
			$lines = array_map( static function ( $line ) { return $line['product_id'] . '/' . $line['variation_id'] . 'x' . $line['quantity']; }, $one['data']['lines'] );
			return $one['data']['stage'] . ' ' . ( implode( ' ', $lines ) ? implode( ' ', $lines ) : 'empty' );
		},
		$news
	);
}
