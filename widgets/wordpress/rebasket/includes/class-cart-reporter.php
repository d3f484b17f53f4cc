<?php
/**
 * Watching carts.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Report the cart once per request in which it, its stage or its shopper changed.
 *
 * WooCommerce's cart hooks fire on page views too and do not cover every change, so what counts is
 * the cart at the end of the request, compared with what was reported last. The hooks only say what
 * the end of the request cannot: that a cart was bought or a customer logged out.
 */
final class Cart_Reporter {

	/**
	 * Before WooCommerce saves the session (20).
	 */
	const BEFORE_SAVING = 5;

	/**
	 * Where news goes.
	 *
	 * @var Outbox
	 */
	private $outbox;

	/**
	 * Whether the customer is logging out: WooCommerce empties the cart then.
	 *
	 * @var bool
	 */
	private $logging_out = false;

	/**
	 * Whether the shopper is at checkout in this request.
	 *
	 * @var bool
	 */
	private $at_checkout = false;

	/**
	 * Take the outbox.
	 *
	 * @param Outbox $outbox Where news goes.
	 */
	public function __construct( Outbox $outbox ) {
		$this->outbox = $outbox;
	}

	/**
	 * Listen.
	 */
	public function hook(): void {
		$touches = array( 'woocommerce_cart_item_removed', 'woocommerce_cart_item_restored', 'woocommerce_after_cart_item_quantity_update', 'woocommerce_applied_coupon', 'woocommerce_removed_coupon' );
		foreach ( $touches as $touch ) {
			add_action( $touch, array( $this, 'note_touch' ), 10, 0 );
		}
		add_action( 'woocommerce_add_to_cart', array( $this, 'note_line' ), 10, 0 );
		add_action( 'woocommerce_cart_emptied', array( $this, 'note_emptied' ), 10, 0 );
		add_action( 'wp_logout', array( $this, 'note_logout' ), 1, 0 );
		add_action( 'template_redirect', array( $this, 'note_page' ), 10, 0 );
		add_action( 'woocommerce_checkout_update_order_review', array( $this, 'note_checkout' ), 10, 0 );
		add_action( 'woocommerce_checkout_create_order', array( $this, 'stamp_order' ), 10, 1 );
		add_action( 'woocommerce_store_api_checkout_update_order_meta', array( $this, 'stamp_stored_order' ), 10, 1 );
		add_action( 'woocommerce_checkout_order_processed', array( $this, 'note_order' ), 10, 1 );
		add_action( 'woocommerce_store_api_checkout_order_processed', array( $this, 'note_order' ), 10, 1 );
		add_action( 'shutdown', array( $this, 'report' ), self::BEFORE_SAVING, 0 );
	}

	/**
	 * A person changed the cart: a restored one need not wait for its landing page any more.
	 */
	public function note_touch(): void {
		Cart_State::put( array( 'held' => null ) );
	}

	/**
	 * The first line brings the cart's id, early enough for this very answer.
	 */
	public function note_line(): void {
		$this->note_touch();
		Cart_State::ensure_cart_id();
	}

	/**
	 * The shopper is at checkout.
	 */
	public function note_checkout(): void {
		$this->at_checkout = true;
	}

	/**
	 * See whether the page is the checkout, before paying.
	 */
	public function note_page(): void {
		if ( is_checkout() && ! is_order_received_page() && ! is_checkout_pay_page() ) {
			$this->note_checkout();
		}
	}

	/**
	 * The customer is logging out: the saved cart stays theirs.
	 */
	public function note_logout(): void {
		$this->logging_out = true;
	}

	/**
	 * Write the cart's id and the link it came back through into the order.
	 *
	 * @param \WC_Order $order The order being made.
	 */
	public function stamp_order( $order ): void {
		$id = Cart_State::cart_id();
		if ( '' === $id || ! $order instanceof \WC_Order ) {
			return;
		}
		$order->update_meta_data( Order_Reporter::CART_META, $id );
		$click = Cart_State::text( 'click_ref' );
		if ( '' !== $click ) {
			$order->update_meta_data( Order_Reporter::CLICK_META, $click );
		}
	}

	/**
	 * The same for block checkout, where the order is already stored.
	 *
	 * @param \WC_Order $order The order being made.
	 */
	public function stamp_stored_order( $order ): void {
		$this->stamp_order( $order );
		if ( $order instanceof \WC_Order && $order->get_id() ) {
			$order->save_meta_data();
		}
	}

	/**
	 * Remember which order was made of this cart.
	 *
	 * @param int|\WC_Order $order The order or its id.
	 */
	public function note_order( $order ): void {
		if ( '' !== Cart_State::cart_id() ) {
			Cart_State::put( array( 'ordered' => is_object( $order ) ? $order->get_id() : (int) $order ) );
		}
	}

	/**
	 * The cart was emptied: by a purchase (then it is no more), or by the shopper.
	 */
	public function note_emptied(): void {
		if ( $this->logging_out || ! Cart_State::is_available() || '' === Cart_State::cart_id() ) {
			return;
		}
		if ( is_order_received_page() || $this->was_ordered() ) {
			Cart_State::drop();
		}
	}

	/**
	 * Whether an order stands that was made of this cart.
	 */
	private function was_ordered(): bool {
		$order = wc_get_order( (int) Cart_State::text( 'ordered' ) );
		return $order && ! in_array( $order->get_status(), array( 'failed', 'cancelled', 'checkout-draft' ), true );
	}

	/**
	 * Report the cart if there is something new to tell.
	 */
	public function report(): void {
		if ( $this->logging_out || ! Cart_State::is_available() || ! isset( WC()->cart ) || ! did_action( 'woocommerce_cart_loaded_from_session' ) ) {
			return;
		}
		$cart   = WC()->cart;
		$filled = ! $cart->is_empty();
		if ( $filled ) {
			Cart_State::ensure_cart_id();
		}
		$state = $this->leave_other_device_behind( Cart_State::all() );
		if ( empty( $state['cart_id'] ) || ( ! $filled && empty( $state['filled'] ) ) ) {
			return;
		}
		$state  = $this->with_stage( $state, $filled );
		$digest = Snapshot::digest( $cart, $state );
		if ( ! empty( $state['held'] ) || ( $state['digest'] ?? '' ) === $digest ) {
			return;
		}
		$this->join_saved_cart( $state );
		$this->outbox->add( 'cart.changed', $state['cart_id'], Snapshot::data( $cart, $state ) );
		Cart_State::put(
			array(
				'stage'  => $state['stage'],
				'digest' => $digest,
				'filled' => $filled,
				'held'   => null,
				'alias'  => Cart_State::alias(),
			)
		);
	}

	/**
	 * The state with the stage that was reached; an emptied cart begins again.
	 *
	 * @param array<string,mixed> $state  What we remember.
	 * @param bool                $filled Whether there are lines.
	 * @return array<string,mixed>
	 */
	private function with_stage( array $state, bool $filled ): array {
		if ( ! $filled ) {
			$state['stage'] = 'cart';
		} elseif ( $this->at_checkout ) {
			$state['stage'] = 'checkout';
			$state['held']  = null;
		} else {
			$state['stage'] = $state['stage'] ?? 'cart';
		}
		return $state;
	}

	/**
	 * A `?session=` link copies one guest's session to another device: the copy keeps the cart's
	 * id (one purchase ends both), but not what was typed on the first device.
	 *
	 * @param array<string,mixed> $state What we remember.
	 * @return array<string,mixed>
	 */
	private function leave_other_device_behind( array $state ): array {
		$then = (string) ( $state['alias'] ?? '' );
		$now  = Cart_State::alias();
		if ( '' === $then || $then === $now || 0 !== strpos( $then, 't_' ) || 0 !== strpos( $now, 't_' ) ) {
			return $state;
		}
		unset( $state['email'], $state['consent'], $state['country'], $state['ordered'] );
		$state['alias']  = $now;
		$state['digest'] = Snapshot::digest( WC()->cart, $state );
		Cart_State::put(
			array(
				'email'   => null,
				'consent' => null,
				'country' => null,
				'ordered' => null,
			) + $state
		);
		return $state;
	}

	/**
	 * After a login the guest's cart and the customer's saved one are one: the saved one's id is
	 * told to be empty, and the present id is kept with the customer.
	 *
	 * @param array<string,mixed> $state What we remember.
	 */
	private function join_saved_cart( array $state ): void {
		if ( ! get_current_user_id() ) {
			return;
		}
		$saved = Cart_State::saved_cart_id();
		if ( $saved === $state['cart_id'] ) {
			return;
		}
		if ( '' !== $saved ) {
			$this->outbox->add( 'cart.changed', $saved, Snapshot::emptied( $saved, $state ) );
		}
		Cart_State::save_cart_id( $state['cart_id'] );
	}
}
