<?php
/**
 * Who is shopping, as far as we may say.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Describe the present shopper: the logged-in customer's account, or the address left at checkout.
 */
final class Shopper {

	/**
	 * What identifies the shopper, for telling whether it changed.
	 *
	 * @param array<string,mixed> $state What we remember of the cart.
	 * @return array<int,mixed>
	 */
	public static function digest( array $state ): array {
		$user = wp_get_current_user();
		return array(
			(int) $user->ID,
			(string) $user->user_email,
			$state['email'] ?? '',
			$state['consent']['given'] ?? null,
			$state['consent']['version'] ?? '',
			$state['country'] ?? '',
		);
	}

	/**
	 * The shopper in the words of the wire format; unknown fields are null.
	 *
	 * @param array<string,mixed> $state What we remember of the cart.
	 * @return array<string,mixed>
	 */
	public static function data( array $state ): array {
		$user    = wp_get_current_user();
		$account = $user->ID > 0;
		$email   = self::left_email( $state );
		if ( null === $email['email'] && $account && is_email( $user->user_email ) ) {
			$email = array(
				'email'        => $user->user_email,
				'email_source' => 'account',
			);
		}
		return array(
			'customer_id'  => $account ? (int) $user->ID : null,
			'email'        => $email['email'],
			'email_source' => $email['email_source'],
			'first_name'   => $account ? self::either( $user->first_name, self::meta( $user->ID, 'billing_first_name' ) ) : null,
			'last_name'    => $account ? self::either( $user->last_name, self::meta( $user->ID, 'billing_last_name' ) ) : null,
			'phone'        => $account ? self::either( self::meta( $user->ID, 'billing_phone' ), '' ) : null,
			'country'      => self::either( $state['country'] ?? '', $account ? self::meta( $user->ID, 'billing_country' ) : '' ),
			'locale'       => get_locale(),
			'consent'      => isset( $state['consent'] ) && is_array( $state['consent'] ) ? $state['consent'] : null,
		);
	}

	/**
	 * The country that is known of the shopper, empty when none is: what was entered at checkout,
	 * or the account's. WooCommerce's own guess (the shop's country) does not count.
	 */
	public static function known_country(): string {
		$country = Cart_State::text( 'country' );
		$user    = get_current_user_id();
		return '' === $country && $user ? self::meta( $user, 'billing_country' ) : $country;
	}

	/**
	 * The address that was left at checkout.
	 *
	 * @param array<string,mixed> $state What we remember of the cart.
	 * @return array{email:?string,email_source:?string}
	 */
	private static function left_email( array $state ): array {
		$email = isset( $state['email'] ) && '' !== $state['email'] ? (string) $state['email'] : null;
		return array(
			'email'        => $email,
			'email_source' => null === $email ? null : 'checkout',
		);
	}

	/**
	 * The first that is not empty, or null.
	 *
	 * @param string $first  One.
	 * @param string $second The other.
	 */
	private static function either( string $first, string $second ): ?string {
		$text = '' !== trim( $first ) ? trim( $first ) : trim( $second );
		return '' === $text ? null : $text;
	}

	/**
	 * One text of an account, empty when there is none.
	 *
	 * @param int    $user The account.
	 * @param string $key  The field.
	 */
	private static function meta( int $user, string $key ): string {
		$value = get_user_meta( $user, $key, true );
		return is_string( $value ) ? $value : '';
	}
}
