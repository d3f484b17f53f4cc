<?php
/**
 * A cart as it stands now, in the words of the wire format.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Describe the present cart.
 */
final class Snapshot {

	/**
	 * A short text that changes exactly when there is something new to tell. Cheap: it is computed
	 * on every page of a visitor with a cart.
	 *
	 * @param \WC_Cart            $cart  The cart.
	 * @param array<string,mixed> $state What we remember.
	 */
	public static function digest( $cart, array $state ): string {
		$lines = array();
		foreach ( $cart->get_cart() as $key => $item ) {
			$lines[] = array( $key, $item['quantity'], $item['line_total'] ?? 0, $item['line_tax'] ?? 0 );
		}
		return md5(
			(string) wp_json_encode(
				array(
					$lines,
					array_values( $cart->get_applied_coupons() ),
					array() === $lines ? '0' : (string) $cart->get_total( 'edit' ),
					get_woocommerce_currency(),
					$state['stage'] ?? 'cart',
					Cart_State::alias(),
					Shopper::digest( $state ),
					$state['click_ref'] ?? '',
				)
			)
		);
	}

	/**
	 * The whole report.
	 *
	 * @param \WC_Cart            $cart  The cart.
	 * @param array<string,mixed> $state What we remember.
	 * @return array<string,mixed>
	 */
	public static function data( $cart, array $state ): array {
		$decimals = (int) wc_get_price_decimals();
		$lines    = array();
		foreach ( $cart->get_cart() as $key => $item ) {
			$lines[] = self::line( (string) $key, $item, $decimals );
		}
		return self::frame( $state ) + array(
			'decimals'    => $decimals,
			'total_minor' => array() === $lines ? 0 : self::minor( $cart->get_total( 'edit' ), $decimals ),
			'lines'       => $lines,
			'coupons'     => array_map( 'strval', array_values( $cart->get_applied_coupons() ) ),
			'shopper'     => Shopper::data( $state ),
		);
	}

	/**
	 * The report that a cart is empty now, its lines having gone into another cart.
	 *
	 * @param string              $cart_id The cart that is no more.
	 * @param array<string,mixed> $state   What we remember.
	 * @return array<string,mixed>
	 */
	public static function emptied( string $cart_id, array $state ): array {
		return self::frame( array( 'cart_id' => $cart_id ) ) + array(
			'decimals'    => (int) wc_get_price_decimals(),
			'total_minor' => 0,
			'lines'       => array(),
			'coupons'     => array(),
			'shopper'     => Shopper::data( $state ),
		);
	}

	/**
	 * What stands around every report.
	 *
	 * @param array<string,mixed> $state What we remember.
	 * @return array<string,mixed>
	 */
	private static function frame( array $state ): array {
		return array(
			'cart_id'       => (string) ( $state['cart_id'] ?? '' ),
			'session_alias' => Cart_State::alias(),
			'visitor_id'    => '',
			'stage'         => 'checkout' === ( $state['stage'] ?? '' ) ? 'checkout' : 'cart',
			'currency'      => (string) get_woocommerce_currency(),
			'click_ref'     => (string) ( $state['click_ref'] ?? '' ),
		);
	}

	/**
	 * One line.
	 *
	 * @param string              $key      WooCommerce's key of the line.
	 * @param array<string,mixed> $item     WooCommerce's line.
	 * @param int                 $decimals The shop's number of decimals.
	 * @return array<string,mixed>
	 */
	private static function line( string $key, array $item, int $decimals ): array {
		$product = $item['data'] ?? null;
		$known   = $product instanceof \WC_Product;
		return array(
			'key'          => $key,
			'product_id'   => (int) $item['product_id'],
			'variation_id' => (int) ( $item['variation_id'] ?? 0 ),
			'quantity'     => (int) $item['quantity'],
			'name'         => $known ? self::plain( $product->get_title() ) : '',
			'attributes'   => $known ? self::attributes( (array) ( $item['variation'] ?? array() ), $product ) : new \stdClass(),
			'total_minor'  => self::minor( (float) ( $item['line_total'] ?? 0 ) + (float) ( $item['line_tax'] ?? 0 ), $decimals ),
			'sku'          => $known ? (string) $product->get_sku() : '',
			'image'        => $known ? self::image( $product ) : '',
			'url'          => $known ? (string) $product->get_permalink( $item ) : '',
		);
	}

	/**
	 * What the shopper chose, by readable names.
	 *
	 * @param array<string,string> $variation attribute_pa_size => 42.
	 * @param \WC_Product          $product   The variation.
	 * @return array<string,string>|\stdClass
	 */
	private static function attributes( array $variation, $product ) {
		$chosen = array();
		foreach ( $variation as $name => $value ) {
			$taxonomy = str_replace( 'attribute_', '', urldecode( (string) $name ) );
			if ( '' === (string) $value ) {
				continue;
			}
			$term                                                          = taxonomy_exists( $taxonomy ) ? get_term_by( 'slug', $value, $taxonomy ) : false;
			$chosen[ self::plain( wc_attribute_label( $taxonomy, $product ) ) ] = self::plain( $term ? $term->name : (string) $value );
		}
		return array() === $chosen ? new \stdClass() : $chosen;
	}

	/**
	 * The address of a product's picture, empty when there is none.
	 *
	 * @param \WC_Product $product The product.
	 */
	private static function image( $product ): string {
		$id  = (int) $product->get_image_id();
		$url = $id ? wp_get_attachment_image_url( $id, 'woocommerce_thumbnail' ) : '';
		return $url ? (string) $url : '';
	}

	/**
	 * An amount in minor units, rounded half to even.
	 *
	 * @param string|float $amount   In major units.
	 * @param int          $decimals The shop's number of decimals.
	 */
	public static function minor( $amount, int $decimals ): int {
		return (int) round( round( (float) $amount * pow( 10, $decimals ), 6 ), 0, PHP_ROUND_HALF_EVEN );
	}

	/**
	 * Text as a person reads it: WooCommerce stores names with entities and tags.
	 *
	 * @param string $text As stored.
	 */
	private static function plain( string $text ): string {
		return trim( html_entity_decode( wp_strip_all_tags( $text ), ENT_QUOTES, 'UTF-8' ) );
	}
}
