<?php
/**
 * Putting lines into a cart.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Merge lines into a cart: what is already there keeps the larger quantity.
 */
final class Merge {

	/**
	 * The visitor's cart.
	 *
	 * @var \WC_Cart
	 */
	private $cart;

	/**
	 * Take the cart.
	 *
	 * @param \WC_Cart $cart The visitor's cart.
	 */
	public function __construct( $cart ) {
		$this->cart = $cart;
	}

	/**
	 * Merge lines.
	 *
	 * @param int[][] $lines [product id, variation id or 0, quantity] each.
	 * @return array{gone:string[],fewer:string[]} Names of what could not be put back, or only in
	 *                       part; empty for what has no name any more.
	 */
	public function lines( array $lines ): array {
		$short = array(
			'gone'  => array(),
			'fewer' => array(),
		);
		foreach ( $lines as $line ) {
			list( $product_id, $variation_id, $quantity ) = $line;
			$product                                      = wc_get_product( $variation_id > 0 ? $variation_id : $product_id );
			if ( ! $product || 'publish' !== $product->get_status() ) {
				$short['gone'][] = '';
				continue;
			}
			$kind = $this->line( $product, $product_id, max( 0, $variation_id ), max( 1, min( 9999, $quantity ) ) );
			if ( '' !== $kind ) {
				$short[ $kind ][] = wp_strip_all_tags( html_entity_decode( $product->get_name(), ENT_QUOTES, 'UTF-8' ) );
			}
		}
		return $short;
	}

	/**
	 * Merge one line.
	 *
	 * @param \WC_Product $product      What it is.
	 * @param int         $product_id   Its product.
	 * @param int         $variation_id Its variation, 0 for none.
	 * @param int         $quantity     How many there were.
	 * @return string Empty when that quantity is in the cart now, else gone or fewer.
	 */
	private function line( $product, int $product_id, int $variation_id, int $quantity ): string {
		if ( ! $product->is_purchasable() || ! $product->is_in_stock() ) {
			return 'gone';
		}
		$most   = (int) $product->get_max_purchase_quantity();
		$wanted = $most > 0 ? min( $quantity, $most ) : $quantity;
		$key    = $this->key_of( $product_id, $variation_id );
		$there  = '' === $key ? 0 : (int) $this->cart->get_cart_item( $key )['quantity'];
		if ( 0 === $there && ! $this->add( $product, $product_id, $variation_id, $wanted ) ) {
			return 'gone';
		}
		if ( $there > 0 && $there < $wanted ) {
			$this->cart->set_quantity( $key, $wanted );
		}
		return max( $there, $wanted ) < $quantity ? 'fewer' : '';
	}

	/**
	 * Add a new line; WooCommerce's own words about a refusal give way to ours.
	 *
	 * @param \WC_Product $product      What it is.
	 * @param int         $product_id   Its product.
	 * @param int         $variation_id Its variation, 0 for none.
	 * @param int         $quantity     How many.
	 */
	private function add( $product, int $product_id, int $variation_id, int $quantity ): bool {
		$notices   = wc_get_notices();
		$variation = $variation_id ? $product->get_variation_attributes() : array();
		$added     = apply_filters( 'woocommerce_add_to_cart_validation', true, $product_id, $quantity, $variation_id, $variation )
			&& $this->cart->add_to_cart( $product_id, $quantity, $variation_id, $variation );
		if ( ! $added ) {
			wc_set_notices( $notices );
		}
		return (bool) $added;
	}

	/**
	 * The key of the line that holds this product, empty when none does.
	 *
	 * @param int $product_id   The product.
	 * @param int $variation_id The variation, 0 for none.
	 */
	private function key_of( int $product_id, int $variation_id ): string {
		foreach ( $this->cart->get_cart() as $key => $item ) {
			if ( (int) $item['product_id'] === $product_id && (int) $item['variation_id'] === $variation_id ) {
				return (string) $key;
			}
		}
		return '';
	}
}
