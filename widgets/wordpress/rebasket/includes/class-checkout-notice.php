<?php
/**
 * The notice beside the e-mail field.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Show the merchant's wording beside the e-mail field of the classic and the block checkout: as a
 * box to tick where only a ticked box counts, as a notice elsewhere.
 *
 * Block checkout: an inner block of the contact step, not an additional checkout field. Such a
 * field would stand there in every country, come back ticked from the customer's account (which is
 * no consent) and be printed on orders.
 */
final class Checkout_Notice {

	const SCRIPT       = 'rebasket-checkout';
	const BLOCK_SCRIPT = 'rebasket-checkout-block';

	/**
	 * The connection.
	 *
	 * @var Connection
	 */
	private $connection;

	/**
	 * Take the connection.
	 *
	 * @param Connection $connection Which carries the consent wording.
	 */
	public function __construct( Connection $connection ) {
		$this->connection = $connection;
	}

	/**
	 * Listen.
	 */
	public function hook(): void {
		if ( ! $this->connection->consent()->is_usable() ) {
			return;
		}
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue' ), 20, 0 );
		add_filter( 'woocommerce_form_field_email', array( $this, 'beside_classic_field' ), 10, 2 );
		add_action( 'woocommerce_blocks_checkout_block_registration', array( $this, 'add_to_blocks' ) );
	}

	/**
	 * Put the script on the checkout page.
	 */
	public function enqueue(): void {
		if ( ! is_checkout() || is_order_received_page() || is_checkout_pay_page() ) {
			return;
		}
		Asset::script( self::SCRIPT, 'checkout.js', $this->settings() );
		wp_enqueue_style( self::SCRIPT, plugins_url( 'assets/checkout.css', REBASKET_FILE ), array(), REBASKET_VERSION );
	}

	/**
	 * What the scripts need to know.
	 *
	 * @return array<string,mixed>
	 */
	private function settings(): array {
		$consent = $this->connection->consent();
		return array(
			'url'          => \WC_AJAX::get_endpoint( Checkout_Email::ENDPOINT ),
			'nonce'        => wp_create_nonce( Checkout_Email::NONCE ),
			'wording'      => $consent->wording,
			'version'      => $consent->version,
			'boxCountries' => $consent->box_countries,
			'boxDefault'   => $consent->box_default,
			'country'      => Shopper::known_country(),
		);
	}

	/**
	 * Add the notice after the classic checkout's e-mail field.
	 *
	 * @param string $field The field's markup.
	 * @param string $key   Its name.
	 */
	public function beside_classic_field( $field, $key ) {
		if ( 'billing_email' !== $key || ! is_checkout() ) {
			return $field;
		}
		return $field . $this->markup();
	}

	/**
	 * The notice: without a script it fits the known country, the script follows the form's.
	 */
	private function markup(): string {
		$consent = $this->connection->consent();
		$boxed   = $consent->needs_box( Shopper::known_country() );
		return '<p class="form-row form-row-wide rebasket-consent" data-priority="111" data-rebasket-consent data-version="' . esc_attr( $consent->version ) . '">'
			. '<label class="checkbox">'
			. '<input type="checkbox" class="input-checkbox" value="1" autocomplete="off"' . ( $boxed ? '' : ' hidden disabled' ) . '> '
			. '<span>' . esc_html( $consent->wording ) . '</span>'
			. '</label></p>';
	}

	/**
	 * Add the notice to the block checkout.
	 *
	 * @param \Automattic\WooCommerce\Blocks\Integrations\IntegrationRegistry $registry WooCommerce's.
	 */
	public function add_to_blocks( $registry ): void {
		Asset::register( self::BLOCK_SCRIPT, 'checkout-block.js', $this->settings(), array( 'wc-blocks-checkout', 'wp-element', 'wp-data' ), false );
		$registry->register( new Block_Integration( self::BLOCK_SCRIPT ) );
	}
}
