<?php
/**
 * Watching orders.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Report an order in the request that places, pays or fails it, once, as it stands at the end.
 */
final class Order_Reporter {

	const CART_META  = '_rebasket_cart_id';
	const CLICK_META = '_rebasket_click';

	/**
	 * Statuses in which an order still waits for its payment.
	 */
	const UNPAID = array( 'checkout-draft', 'auto-draft', 'new', 'pending', 'on-hold', 'failed' );

	/**
	 * Where news goes.
	 *
	 * @var Outbox
	 */
	private $outbox;

	/**
	 * Orders to report at the end of this request, by id.
	 *
	 * @var array<int,true>
	 */
	private $touched = array();

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
		add_action( 'woocommerce_new_order', array( $this, 'note' ), 10, 1 );
		add_action( 'woocommerce_checkout_order_processed', array( $this, 'note' ), 10, 1 );
		add_action( 'woocommerce_store_api_checkout_order_processed', array( $this, 'note' ), 10, 1 );
		add_action( 'woocommerce_payment_complete', array( $this, 'note' ), 10, 1 );
		add_action( 'woocommerce_order_status_changed', array( $this, 'note_status' ), 10, 3 );
		add_action( 'shutdown', array( $this, 'report' ), Cart_Reporter::BEFORE_SAVING + 1, 0 );
	}

	/**
	 * Remember an order.
	 *
	 * @param int|\WC_Order $order The order or its id.
	 */
	public function note( $order ): void {
		$id = is_object( $order ) ? (int) $order->get_id() : (int) $order;
		if ( $id > 0 ) {
			$this->touched[ $id ] = true;
		}
	}

	/**
	 * Remember an order whose payment went through or failed. Later steps (completed, refunded)
	 * reach the app by WooCommerce's webhooks.
	 *
	 * @param int    $order_id The order.
	 * @param string $from     Its status before.
	 * @param string $to       Its status now.
	 */
	public function note_status( $order_id, $from, $to ): void {
		if ( in_array( $from, self::UNPAID, true ) || in_array( $to, array( 'failed', 'cancelled' ), true ) ) {
			$this->note( $order_id );
		}
	}

	/**
	 * Report what was remembered.
	 */
	public function report(): void {
		$ids           = array_keys( $this->touched );
		$this->touched = array();
		foreach ( $ids as $id ) {
			$order = wc_get_order( $id );
			if ( ! $order instanceof \WC_Order || 'shop_order' !== $order->get_type() || in_array( $order->get_status(), array( 'checkout-draft', 'auto-draft', 'trash' ), true ) ) {
				continue;
			}
			$this->outbox->add(
				'order.placed',
				'order:' . $id,
				array(
					'cart_id'   => (string) $order->get_meta( self::CART_META ),
					'click_ref' => (string) $order->get_meta( self::CLICK_META ),
					'order'     => self::as_rest( $order ),
				)
			);
		}
	}

	/**
	 * The order exactly as REST v3 gives it, without asking whether the shopper may read it: the
	 * controller that the interface uses describes it directly.
	 *
	 * @param \WC_Order $order The order.
	 * @return array<string,mixed>
	 */
	private static function as_rest( $order ): array {
		$request = new \WP_REST_Request( 'GET', '/wc/v3/orders/' . $order->get_id() );
		$request->set_param( 'context', 'view' );
		$request->set_param( 'dp', wc_get_price_decimals() );
		$controller = new \WC_REST_Orders_Controller();
		return (array) $controller->prepare_object_for_response( $order, $request )->get_data();
	}
}
