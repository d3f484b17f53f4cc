<?php
/**
 * WooCommerce's own cart mail, and who of the two writes to shoppers.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * See WooCommerce's own mail and keep the merchant's choice.
 *
 * From WooCommerce 11.0 on the feature `abandoned_cart_recovery` adds the e-mail
 * `customer_abandoned_cart_recovery`; it goes out by itself when its setting `automated` is on,
 * and holds back when the filter `woocommerce_abandoned_cart_recovery_suppress` answers true
 * (woocommerce/woocommerce, pull requests 65136, 65521 and 66393).
 */
final class Own_Mail {

	const CHOICE_OPTION   = 'rebasket_cart_mail';
	const FEATURE_OPTION  = 'woocommerce_feature_abandoned_cart_recovery_enabled';
	const SETTINGS_OPTION = 'woocommerce_customer_abandoned_cart_recovery_settings';

	/**
	 * Hold WooCommerce's own mail back when the merchant chose Rebasket.
	 */
	public function hook(): void {
		add_filter( 'woocommerce_abandoned_cart_recovery_suppress', array( $this, 'suppress' ) );
	}

	/**
	 * Answer WooCommerce's question whether somebody else writes.
	 *
	 * @param mixed $suppressed The answer so far.
	 */
	public function suppress( $suppressed ): bool {
		return $suppressed || ( 'rebasket' === $this->choice() && ( new Connection() )->is_active() );
	}

	/**
	 * Whether WooCommerce sends cart mails by itself.
	 */
	public function is_on(): bool {
		$settings = get_option( self::SETTINGS_OPTION, array() );
		$settings = is_array( $settings ) ? $settings : array();
		$on       = 'yes' === get_option( self::FEATURE_OPTION, 'no' )
			&& 'no' !== ( $settings['enabled'] ?? 'yes' )
			&& 'yes' === ( $settings['automated'] ?? 'no' );
		/**
		 * Filters whether WooCommerce's own cart mail is considered switched on.
		 *
		 * @param bool $on What its options say.
		 */
		return (bool) apply_filters( 'rebasket_own_cart_mail_is_on', $on );
	}

	/**
	 * Whether Rebasket steps back: WooCommerce writes, and the merchant has not chosen Rebasket.
	 */
	public function stands_in_the_way(): bool {
		return 'rebasket' !== $this->choice() && $this->is_on();
	}

	/**
	 * The merchant's choice: rebasket, woocommerce, or empty while there is none.
	 */
	public function choice(): string {
		return (string) get_option( self::CHOICE_OPTION, '' );
	}

	/**
	 * Keep the merchant's choice.
	 *
	 * @param string $choice rebasket or woocommerce; anything else is not kept.
	 */
	public function choose( string $choice ): void {
		if ( in_array( $choice, array( 'rebasket', 'woocommerce' ), true ) ) {
			update_option( self::CHOICE_OPTION, $choice, true );
		}
	}
}
