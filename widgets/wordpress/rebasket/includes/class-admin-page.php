<?php
/**
 * The plugin's page in wp-admin.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Show how the connection stands, and the one thing to do next.
 */
final class Admin_Page {

	const SLUG = 'rebasket';

	/**
	 * The connection.
	 *
	 * @var Connection
	 */
	private $connection;

	/**
	 * What waits.
	 *
	 * @var Outbox
	 */
	private $outbox;

	/**
	 * WooCommerce's own mail.
	 *
	 * @var Own_Mail
	 */
	private $own_mail;

	/**
	 * Take the parts.
	 *
	 * @param Connection $connection The connection.
	 * @param Outbox     $outbox     What waits.
	 * @param Own_Mail   $own_mail   WooCommerce's own mail.
	 */
	public function __construct( Connection $connection, Outbox $outbox, Own_Mail $own_mail ) {
		$this->connection = $connection;
		$this->outbox     = $outbox;
		$this->own_mail   = $own_mail;
	}

	/**
	 * Listen.
	 */
	public function hook(): void {
		add_action( 'admin_menu', array( $this, 'add_to_menu' ), 60, 0 );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
		add_action( 'admin_notices', array( $this, 'notice' ), 10, 0 );
		add_filter( 'plugin_action_links_' . plugin_basename( REBASKET_FILE ), array( $this, 'add_link' ) );
	}

	/**
	 * The page's address.
	 */
	public static function url(): string {
		return admin_url( 'admin.php?page=' . self::SLUG );
	}

	/**
	 * Put the page under WooCommerce.
	 */
	public function add_to_menu(): void {
		add_submenu_page( 'woocommerce', __( 'Rebasket', 'rebasket' ), __( 'Rebasket', 'rebasket' ), 'manage_woocommerce', self::SLUG, array( $this, 'show' ) ); // phpcs:ignore WordPress.WP.Capabilities.Unknown
	}

	/**
	 * Load the page's style.
	 *
	 * @param string $page WordPress's name of the page being shown.
	 */
	public function enqueue( $page ): void {
		if ( 'woocommerce_page_' . self::SLUG === $page ) {
			wp_enqueue_style( 'rebasket-admin', plugins_url( 'assets/admin.css', REBASKET_FILE ), array(), REBASKET_VERSION );
		}
	}

	/**
	 * Lead from the list of plugins to the page.
	 *
	 * @param string[] $links WordPress's links.
	 * @return string[]
	 */
	public function add_link( $links ) {
		array_unshift( $links, '<a href="' . esc_url( self::url() ) . '">' . esc_html__( 'Settings', 'rebasket' ) . '</a>' );
		return $links;
	}

	/**
	 * Say on WooCommerce's pages when the connection has ended.
	 */
	public function notice(): void {
		$screen = get_current_screen();
		if ( ! $this->connection->is_over() || ! Rest_Routes::is_allowed() || ! $screen || false === strpos( $screen->id, 'woocommerce' ) || false !== strpos( $screen->id, self::SLUG ) ) {
			return;
		}
		echo '<div class="notice notice-warning"><p>' . esc_html__( 'Rebasket no longer accepts news from this shop: carts are not being recovered.', 'rebasket' )
			. ' <a href="' . esc_url( self::url() ) . '">' . esc_html__( 'See what to do', 'rebasket' ) . '</a></p></div>';
	}

	/**
	 * Show the page.
	 */
	public function show(): void {
		$said = isset( $_GET['rebasket'] ) ? sanitize_key( wp_unslash( $_GET['rebasket'] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification
		$view = array(
			'state'    => $this->state(),
			'said'     => self::words( $said ),
			'app_url'  => App_Address::url(),
			'connect'  => '' === App_Address::url() ? '' : App_Address::connect_url( self::merchant_email(), self::url() ),
			'since'    => self::moment( $this->connection->moment( 'connected_at' ) ),
			'over_at'  => self::moment( $this->connection->moment( 'over_at' ) ),
			'standing' => $this->outbox->standing(),
			'own_mail' => $this->own_mail->is_on(),
			'choice'   => $this->own_mail->choice(),
			'app'      => $this->connection->text( 'app_url' ),
		);
		require REBASKET_DIR . '/includes/page.php';
	}

	/**
	 * The state the page is about: none, over or on.
	 */
	private function state(): string {
		if ( ! $this->connection->is_connected() ) {
			return 'none';
		}
		return $this->connection->is_over() ? 'over' : 'on';
	}

	/**
	 * What happened, in words.
	 *
	 * @param string $said As the address of the page says it.
	 */
	private static function words( string $said ): string {
		$words = array(
			'address'      => __( 'That is not an address. It begins with https://', 'rebasket' ),
			'disconnected' => __( 'Disconnected. Nothing is reported any more.', 'rebasket' ),
			'sent'         => __( 'Everything was sent.', 'rebasket' ),
			'waiting'      => __( 'Rebasket cannot be reached just now. It is tried again by itself.', 'rebasket' ),
		);
		return $words[ $said ] ?? '';
	}

	/**
	 * A moment in the shop's own date format, empty for never.
	 *
	 * @param int $at Unix seconds.
	 */
	private static function moment( int $at ): string {
		return $at ? (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $at ) : '';
	}

	/**
	 * The address of the merchant who looks at the page.
	 */
	private static function merchant_email(): string {
		$user = wp_get_current_user();
		return is_email( $user->user_email ) ? $user->user_email : (string) get_option( 'admin_email' );
	}
}
