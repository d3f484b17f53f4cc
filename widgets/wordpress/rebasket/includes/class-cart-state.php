<?php
/**
 * What we remember of a visitor's cart, inside WooCommerce's own session.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Read and change the remembered state of the present visitor's cart.
 *
 * Keys: cart_id, stage, digest (of what was reported last), filled (whether that had lines),
 * click_ref, held (restored by a link, and no person seen yet), landing (the landing page is still
 * to report), email, consent, country (as left at checkout), alias (the session it belongs to),
 * ordered (the order that was made of it), named (hashes of the addresses left so far).
 */
final class Cart_State {

	const SESSION_KEY = 'rebasket';
	const USER_KEY    = '_rebasket_cart';

	/**
	 * Whether there is a session to remember things in.
	 */
	public static function is_available(): bool {
		return function_exists( 'WC' ) && WC() && isset( WC()->session ) && is_object( WC()->session );
	}

	/**
	 * Everything remembered.
	 *
	 * @return array<string,mixed>
	 */
	public static function all(): array {
		$state = self::is_available() ? WC()->session->get( self::SESSION_KEY, array() ) : array();
		return is_array( $state ) ? $state : array();
	}

	/**
	 * One remembered text, empty when there is none.
	 *
	 * @param string $key Its name.
	 */
	public static function text( string $key ): string {
		$state = self::all();
		return isset( $state[ $key ] ) && is_scalar( $state[ $key ] ) ? (string) $state[ $key ] : '';
	}

	/**
	 * Remember some things; null forgets one.
	 *
	 * @param array<string,mixed> $changes What to remember.
	 */
	public static function put( array $changes ): void {
		if ( ! self::is_available() ) {
			return;
		}
		$before = self::all();
		$after  = array_filter(
			array_merge( $before, $changes ),
			static function ( $value ) {
				return null !== $value;
			}
		);
		if ( $after !== $before ) {
			WC()->session->set( self::SESSION_KEY, $after );
		}
	}

	/**
	 * The cart's id, empty while it has none.
	 */
	public static function cart_id(): string {
		return self::text( 'cart_id' );
	}

	/**
	 * The cart's id; a new one with the first line. A customer's saved cart keeps its own.
	 */
	public static function ensure_cart_id(): string {
		$id = self::cart_id();
		if ( '' === $id && self::is_available() ) {
			$saved = self::saved_cart_id();
			$id    = '' !== $saved ? $saved : bin2hex( random_bytes( 16 ) );
			self::put( array( 'cart_id' => $id ) );
		}
		return $id;
	}

	/**
	 * The id of the logged-in customer's saved cart, empty when there is none.
	 */
	public static function saved_cart_id(): string {
		$user = get_current_user_id();
		$id   = $user ? get_user_meta( $user, self::USER_KEY, true ) : '';
		return is_string( $id ) && preg_match( '/\A[0-9a-f]{32}\z/', $id ) ? $id : '';
	}

	/**
	 * Keep the cart's id with the customer's saved cart, which outlives the session.
	 *
	 * @param string $id The cart's id.
	 */
	public static function save_cart_id( string $id ): void {
		$user = get_current_user_id();
		if ( $user ) {
			update_user_meta( $user, self::USER_KEY, $id );
		}
	}

	/**
	 * Forget the cart: it was bought.
	 */
	public static function drop(): void {
		if ( array() !== self::all() ) {
			WC()->session->set( self::SESSION_KEY, null );
		}
		$user = get_current_user_id();
		if ( $user ) {
			delete_user_meta( $user, self::USER_KEY );
		}
	}

	/**
	 * The session's id as WooCommerce names it.
	 */
	public static function alias(): string {
		return self::is_available() ? (string) WC()->session->get_customer_id() : '';
	}
}
